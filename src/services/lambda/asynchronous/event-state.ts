// What is kept with an event from its acceptance until its last delivery.
import type { FunctionKey } from '../store/index.ts';
import type { Condition } from './retry-policy.ts';
import type { AsynchronousSettings } from './settings.ts';

export interface EventState extends FunctionKey {
  /** As it was invoked by. */
  qualifier?: string;
  /** As it came, or else was made; the visits of each try are counted onto it anew. */
  traceHeader: string;
  clientContext?: string;
  tenantId?: string;
  /** As they last were: an event outlives its function. */
  settings: AsynchronousSettings;
  /** How often it was sent to its function, or found no function. */
  attempts: number;
  /** How often a fault of the platform kept it from being sent. */
  faults: number;
  /** What came of the latest try. */
  response?: EventResponse;
  /** Set when it is over, and somebody is still to be told. */
  completion?: Completion;
}

export interface EventResponse {
  status: number;
  executedVersion?: string;
  functionError?: string;
  /** What the function returned; text. */
  payload?: string;
  /** Where there is no payload that tells it. */
  errorMessage?: string;
}

export interface Completion {
  condition: Condition;
  /** Epoch milliseconds. */
  at: number;
  deliveries: Delivery[];
}

export interface Delivery {
  kind: 'destination' | 'dead-letter';
  /** ARN. */
  to: string;
  failures: number;
}

/** Events of one function, in all its versions, wait in one lane. */
export function laneOf({ account, region, name }: FunctionKey): string {
  return `${account}/${region}/${name}`;
}
