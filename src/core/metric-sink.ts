// Where measurements go, as whoever measures sees it: CloudWatch takes them in, and main hands it to the others.

export type Dimensions = readonly (readonly [name: string, value: string])[];

/** Where Lambent puts what it measures itself. */
export interface MetricSink {
  /**
   * Takes in one value of a metric. Synchronous, without I/O and without garbage: cheap enough for every invocation.
   * Durable within about a second, visible to readers at once. `unit` is one of CloudWatch's, e.g. `Count`, `Milliseconds`;
   * `epochMs` decides the minute. Never throws.
   */
  add(
    account: string,
    region: string,
    namespace: string,
    metricName: string,
    dimensions: Dimensions,
    unit: string,
    value: number,
    epochMs: number,
  ): void;
}
