// How many batches of a mapping run at once: more while there is a backlog, fewer when invocations are throttled or fail.
import type { PollSettings } from './event-source.ts';

export interface ScalingPlan {
  initial: number;
  /** To which failures of the function take it down; throttles go below. */
  least: number;
  most: number;
  perMinute: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const standard: ScalingPlan = { initial: 5, least: 2, most: 1_250, perMinute: 300 };
const provisionedPerMinute = 1_000;
/** Concurrent invocations that one provisioned poller keeps up. */
export const batchesPerPoller = 10;

export function scalingPlan({ ScalingConfig, ProvisionedPollerConfig }: PollSettings): ScalingPlan {
  if (ProvisionedPollerConfig !== undefined) {
    const initial = (ProvisionedPollerConfig.MinimumPollers ?? 2) * batchesPerPoller;
    const most = (ProvisionedPollerConfig.MaximumPollers ?? 200) * batchesPerPoller;
    return { initial, least: initial, most, perMinute: provisionedPerMinute };
  }
  const most = Math.min(ScalingConfig?.MaximumConcurrency ?? standard.most, standard.most);
  return { ...standard, initial: Math.min(standard.initial, most), most };
}

/** Times are monotonic milliseconds. */
export class Scaling {
  readonly #plan: ScalingPlan;
  #limit: number;
  #growingSince: number | undefined;

  constructor(plan: ScalingPlan) {
    this.#plan = plan;
    this.#limit = plan.initial;
  }

  /** How many batches may run. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  get mayGrow(): boolean {
    return this.#limit < this.#plan.most;
  }

  /** There is more to do than the limit allows. To be told again and again while that is so. */
  saturated(now: number): void {
    if (this.#growingSince !== undefined) {
      const grown = ((now - this.#growingSince) * this.#plan.perMinute) / 60_000;
      this.#limit = Math.min(this.#plan.most, this.#limit + grown);
    }
    this.#growingSince = now;
  }

  /** The limit does not hold anything back. */
  relaxed(): void {
    this.#growingSince = undefined;
  }

  /** Nothing came for a while. */
  idle(): void {
    this.#growingSince = undefined;
    this.#limit = Math.min(this.#limit, this.#plan.initial);
  }

  /** The function could not be invoked for want of concurrency. */
  throttled(): void {
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }

  failed(): void {
    this.#limit = Math.max(Math.min(this.#plan.least, this.#limit), this.#limit - 1);
  }

  /** Provisioned pollers that the limit stands for. */
  get pollers(): number {
    return Math.ceil(Math.max(this.#limit, this.#plan.initial) / batchesPerPoller);
  }
}
