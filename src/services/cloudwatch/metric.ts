// What identifies a metric.

/** In the order in which they were given; the order does not matter. */
export type Dimensions = readonly (readonly [name: string, value: string])[];

export interface MetricName {
  account: string;
  region: string;
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

/** Dimensions as one text, the same for every order. */
export function dimensionsKey(dimensions: Dimensions): string {
  return JSON.stringify([...dimensions].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

export function dimensionsOf(key: string): Dimensions {
  return JSON.parse(key) as [string, string][];
}
