// The door of X-Ray.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { Database } from '../../storage/index.ts';
import type { Service } from '../service.ts';
import { Sweeper } from './background.ts';
import { segmentsOfDatagram } from './datagram.ts';
import { OtlpExporter, type OtlpEndpoint } from './otlp/exporter.ts';
import { Sampler } from './sampler.ts';
import type { SampledRequest } from './sampling.ts';
import type { SegmentDocument } from './segment.ts';
import { SegmentSink } from './segment-sink.ts';
import { ResourceStore } from './store/resources.ts';
import { SegmentStore } from './store/segments.ts';
import type { Owner } from './xray.ts';

export { DaemonDoor } from './daemon-door.ts';
export type { SampledRequest } from './sampling.ts';
export type { SegmentDocument } from './segment.ts';

export interface XRayParts {
  /** For traces. */
  database: Database;
  /** For sampling rules and groups. */
  resources: Database;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Where traces are sent on to as OpenTelemetry's; undefined for nowhere. */
  otlp?: OtlpEndpoint | undefined;
}

export interface OpenXRay {
  service: Service<'xray'>;
  /** Whether a request is traced, by the sampling rules; answers from memory. */
  sample(owner: Owner, request: SampledRequest): boolean;
  /** Takes segments of Lambent's own making; synchronous, never throws. */
  putSegments(owner: Owner, documents: readonly (SegmentDocument & { trace_id: string })[]): void;
  /** Takes what a program, by its name, sent to its daemon; what is no segment is dropped, as the daemon does. */
  receive(owner: Owner, datagram: Buffer, program: string): void;
}

export async function openXRay({ database, resources, clock, ids, log, otlp }: XRayParts): Promise<OpenXRay> {
  const segments = await SegmentStore.open(database);
  const stored = await ResourceStore.open(resources);
  const exporter = otlp === undefined ? undefined : new OtlpExporter(otlp, clock, log);
  const onSegment = exporter?.add.bind(exporter);
  const sink = new SegmentSink(segments, clock, log, onSegment);
  const sampler = new Sampler(stored, clock);
  const sweeper = new Sweeper(segments, clock, log);
  const xray = { segments, sink, resources: stored, sampler };
  return {
    service: {
      name: 'xray',
      operations: async () => (await import('./operations/index.ts')).operationsOf(xray),
      start: async () => void sweeper.start(),
      async stop() {
        sweeper.stop();
        await sink.stop();
        await exporter?.stop();
      },
    },
    sample: (owner, request) => sampler.sample(owner, request, ids.chance()),
    putSegments: (owner, documents) => sink.putOwn(owner, documents),
    receive(owner, datagram, program) {
      for (const text of segmentsOfDatagram(datagram)) {
        const refused = sink.put(owner, text, program);
        if (refused !== undefined) log.debug({ refused }, 'a segment that a function sent was not taken');
      }
    },
  };
}
