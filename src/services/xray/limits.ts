// Limits of X-Ray, https://docs.aws.amazon.com/general/latest/gr/xray.html and its API reference.

const hourMs = 3_600_000;

export const limits = {
  /** A segment document. */
  segmentBytes: 64 * 1024,
  /** Of BatchGetTraces and GetTraceGraph. */
  traceIds: 5,
  /** Segments of the past are taken as long as traces are kept. */
  retentionMs: 30 * 24 * hourMs,
  /** How far ahead of this clock a trace may begin. */
  futureMs: 5 * 60_000,
  summariesRangeMs: 24 * hourMs,
  graphRangeMs: 6 * hourMs,
  groups: 25,
  samplingRules: 25,
  tagsPerResource: 50,
  annotationsPerTrace: 50,
} as const;

/** Own bounds, which keep pages and memory small. */
export const bounds = {
  /** Traces that one page of GetTraceSummaries looks at. */
  tracesPerPage: 200,
  /** Traces that a service graph is made of: the latest of its time. */
  tracesPerGraph: 2_000,
  flushIntervalMs: 500,
  /** What is not stored yet; segments beyond it are dropped. */
  pendingBytes: 32 * 1024 * 1024,
  segmentsPerTransaction: 500,
  /** How far the time in a trace's id may lie from its first segment to be believed. */
  clockSkewMs: 31 * 24 * hourMs,
  sweepIntervalMs: hourMs,
  tracesPerSweep: 500,
  /** Functions whose reservoirs are remembered. */
  reservoirs: 10_000,
  /** A client of sampling rules is gone when it was silent for so long. */
  clientMs: 30_000,
  samplingClients: 10_000,
} as const;
