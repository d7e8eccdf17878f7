// What the operations of X-Ray work with.
import type { OperationsOf } from '../../contracts/index.ts';
import type { OperationOf } from '../service.ts';
import type { Sampler } from './sampler.ts';
import type { SegmentSink } from './segment-sink.ts';
import type { ResourceStore } from './store/resources.ts';
import type { SegmentStore } from './store/segments.ts';

export interface XRay {
  segments: SegmentStore;
  sink: SegmentSink;
  resources: ResourceStore;
  sampler: Sampler;
}

/** Whose traces, rules and groups. */
export interface Owner {
  account: string;
  region: string;
}

export type XRayOperation<O extends keyof OperationsOf<'xray'>> = OperationOf<'xray', O>;
