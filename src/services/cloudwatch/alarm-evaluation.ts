// Which state an alarm is in, given the datapoints of its evaluation range. alarms-and-missing-data.html
import type { Comparison, MissingData, StateValue } from './alarm.ts';

/** What was measured in one period. */
export interface Datapoint {
  /** When the period began, epoch milliseconds. */
  time: number;
  /** Absent: nothing was measured. */
  value?: number;
  /** Absent for the results of math expressions. */
  sampleCount?: number;
}

export interface EvaluationRule {
  comparison: Comparison;
  threshold: number;
  evaluationPeriods: number;
  /** Absent: all. */
  datapointsToAlarm?: number | undefined;
  missingData: MissingData;
  /** A datapoint of fewer samples leaves the state as it is. */
  fewestSamples?: number | undefined;
}

export interface Evaluation {
  /** Absent: the alarm keeps its state. */
  state: StateValue | undefined;
  /** As many as EvaluationPeriods, the newest first; those without a value were filled in. */
  evaluated: Datapoint[];
  /** How many were filled in. */
  filled: number;
}

export function isBreaching(value: number, comparison: Comparison, threshold: number): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

/** Judges the datapoints of an evaluation range: one for each period, the oldest first, more than EvaluationPeriods. */
export function evaluate(range: readonly Datapoint[], rule: EvaluationRule): Evaluation {
  const newestFirst = [...range].reverse();
  const measured = newestFirst.filter(({ value }) => value !== undefined).slice(0, rule.evaluationPeriods);
  const filled = rule.evaluationPeriods - measured.length;
  const missing = newestFirst.filter(({ value }) => value === undefined).slice(0, filled);
  const evaluated = [...measured, ...missing].sort((a, b) => b.time - a.time);
  return { state: judge(newestFirst, measured, filled, rule), evaluated, filled };
}

function judge(
  newestFirst: readonly Datapoint[],
  measured: readonly Datapoint[],
  filled: number,
  rule: EvaluationRule,
): StateValue | undefined {
  const needed = rule.datapointsToAlarm ?? rule.evaluationPeriods;
  const breaches = ({ value }: Datapoint) => value !== undefined && isBreaching(value, rule.comparison, rule.threshold);
  const tooFewSamples = ({ sampleCount }: Datapoint) => (sampleCount ?? Infinity) < (rule.fewestSamples ?? 0);
  if (measured.some(tooFewSamples)) return undefined;
  const breaching = measured.filter(breaches).length;
  if (breaching >= needed) return 'ALARM';
  if (filled === 0 || rule.missingData === 'notBreaching') return 'OK';
  if (rule.missingData === 'breaching') return breaching + filled >= needed ? 'ALARM' : 'OK';
  if (breaching < measured.length) return 'OK';
  if (rule.missingData === 'ignore') return undefined;
  // All that was measured breaches. It is an alarm once that has lasted for as many periods as it takes, and before that
  // the next datapoint may still be a good one.
  const age = newestFirst.findLastIndex(breaches) + 1;
  return age >= needed ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/** Below how many samples a percentile says little; undefined for other statistics. percentiles-with-low-samples.html */
export function fewestSamplesOf(statistic: string): number | undefined {
  const percentile = /^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1];
  if (percentile === undefined) return undefined;
  const share = Number(percentile) / 100;
  return 10 / (share >= 0.5 ? 1 - share : share);
}
