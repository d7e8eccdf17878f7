// The life of an execution environment as one table; a transition that is not in it is a bug and throws.
import { assert } from '../../core/assert.ts';

export type EnvironmentState = 'initializing' | 'idle' | 'frozen' | 'busy' | 'gone';
export type EnvironmentEvent = 'initialized' | 'freeze' | 'lease' | 'release' | 'stop';

const transitions: Record<EnvironmentState, Partial<Record<EnvironmentEvent, EnvironmentState>>> = {
  initializing: { initialized: 'idle', stop: 'gone' },
  idle: { lease: 'busy', freeze: 'frozen', stop: 'gone' },
  frozen: { lease: 'busy', stop: 'gone' },
  busy: { release: 'idle', stop: 'gone' },
  gone: { stop: 'gone' },
};

export function nextState(state: EnvironmentState, event: EnvironmentEvent): EnvironmentState {
  const next = transitions[state][event];
  assert(next !== undefined, `an environment that is ${state} takes the event ${event}`);
  return next;
}
