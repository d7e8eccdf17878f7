// The table of an environment's life: what it allows, and that it allows nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EnvironmentEvent, type EnvironmentState, nextState } from './environment-state.ts';

const states: EnvironmentState[] = ['initializing', 'idle', 'frozen', 'busy', 'gone'];
const events: EnvironmentEvent[] = ['initialized', 'freeze', 'lease', 'release', 'stop'];
const allowed: Record<string, EnvironmentState> = {
  'initializing initialized': 'idle',
  'idle lease': 'busy',
  'idle freeze': 'frozen',
  'frozen lease': 'busy',
  'busy release': 'idle',
};

test('whatever is not in the table is a bug and throws', () => {
  for (const state of states) {
    for (const event of events) {
      if (event === 'stop' || `${state} ${event}` in allowed) continue;
      assert.throws(
        () => nextState(state, event),
        new RegExp(`an environment that is ${state} takes the event ${event}`),
      );
    }
  }
});

test('an environment is leased only at rest, and can be stopped at any time', () => {
  for (const [step, next] of Object.entries(allowed)) {
    const [state, event] = step.split(' ') as [EnvironmentState, EnvironmentEvent];
    assert.equal(nextState(state, event), next);
  }
  for (const state of states) assert.equal(nextState(state, 'stop'), 'gone');
});
