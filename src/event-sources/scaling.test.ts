// How the number of concurrent batches rises and falls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scaling, scalingPlan } from './scaling.ts';

test('five at first, 300 more per minute of backlog, 1,250 at most', () => {
  const scaling = new Scaling(scalingPlan({}));
  assert.equal(scaling.limit, 5);
  scaling.saturated(0);
  scaling.saturated(30_000);
  assert.equal(scaling.limit, 155);
  scaling.relaxed();
  scaling.saturated(90_000);
  assert.equal(scaling.limit, 155);
  scaling.saturated(900_000);
  assert.equal(scaling.limit, 1_250);
  assert.equal(scaling.mayGrow, false);
  scaling.idle();
  assert.equal(scaling.limit, 5);
});

test('throttles halve it down to one, failures lower it down to two', () => {
  const scaling = new Scaling(scalingPlan({}));
  scaling.failed();
  assert.equal(scaling.limit, 4);
  for (let failure = 0; failure < 5; failure++) scaling.failed();
  assert.equal(scaling.limit, 2);
  scaling.throttled();
  scaling.throttled();
  assert.equal(scaling.limit, 1);
  scaling.failed();
  assert.equal(scaling.limit, 1);
});

test('MaximumConcurrency is the most, also where it is less than five', () => {
  const scaling = new Scaling(scalingPlan({ ScalingConfig: { MaximumConcurrency: 2 } }));
  scaling.saturated(0);
  scaling.saturated(60_000);
  assert.equal(scaling.limit, 2);
});

test('provisioned pollers stand for ten batches each, and grow faster', () => {
  const scaling = new Scaling(scalingPlan({ ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 200 } }));
  assert.deepEqual([scaling.limit, scaling.pollers], [30, 3]);
  scaling.saturated(0);
  scaling.saturated(60_000);
  assert.deepEqual([scaling.limit, scaling.pollers], [1_030, 103]);
  scaling.failed();
  scaling.idle();
  assert.deepEqual([scaling.limit, scaling.pollers], [30, 3]);
});
