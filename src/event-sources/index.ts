// The door of event sources: what polls queues, streams and brokers, and invokes functions with what they hold.
export { EventSources, type EventSourcesParts } from './event-sources.ts';
export type { MappingMetric, MappingMetrics, PolledMapping, PollSettings } from './event-source.ts';
