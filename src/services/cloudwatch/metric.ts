// What identifies a metric.
import type { Dimensions } from '../../core/metric-sink.ts';

/** In the order in which they were given; the order does not matter. */
export type { Dimensions };

export interface MetricName {
  account: string;
  region: string;
  namespace: string;
  name: string;
  dimensions: Dimensions;
}

/** Dimensions by name; those that are in order already are answered as they are. */
export function inOrder(dimensions: Dimensions): Dimensions {
  const ordered = dimensions.every(([name], index) => index === 0 || dimensions[index - 1]![0] <= name);
  return ordered ? dimensions : dimensions.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Dimensions as one text, the same for every order. */
export function dimensionsKey(dimensions: Dimensions): string {
  return JSON.stringify(inOrder(dimensions));
}

export function dimensionsOf(key: string): Dimensions {
  return JSON.parse(key) as [string, string][];
}
