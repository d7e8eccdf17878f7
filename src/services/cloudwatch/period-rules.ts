// How periods and times of requests are judged and rounded. API_GetMetricStatistics.html, API_GetMetricData.html

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const highResolutionPeriods: ReadonlySet<number> = new Set([1, 5, 10, 20, 30]);

/** Periods are 1, 5, 10, 20, 30 or a multiple of 60 seconds. */
export function isPeriod(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds > 0 && (highResolutionPeriods.has(seconds) || seconds % 60 === 0);
}

/** Rounds a start time (epoch milliseconds) down, the further it lies back the coarser; period in seconds. */
export function roundedStart(start: number, period: number, now: number): number {
  const age = now - start;
  const unit =
    age > 63 * dayMs ? hourMs : age > 15 * dayMs ? 300_000 : period < 60 && age <= 3 * hourMs ? period * 1000 : 60_000;
  return Math.floor(start / unit) * unit;
}
