// GetMetricStatistics: statistics of one metric by period.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { invalidParameterCombination, invalidParameterValue } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Period } from '../metric-reader.ts';
import { isPeriod, roundedStart } from '../period-rules.ts';
import { parseStatistic, type Statistic, statisticOf } from '../statistics.ts';

export function getMetricStatistics({ reader }: CloudWatch): CloudWatchOperation<'GetMetricStatistics'> {
  return async (input, { caller, clock }) => {
    const { Namespace: namespace, MetricName: name, Period: period, StartTime, EndTime, Unit: unit } = input;
    const [start, end] = [StartTime!.getTime(), EndTime!.getTime()];
    checkPeriod(start, end, period!);
    const extended = checkStatistics(input.Statistics ?? [], input.ExtendedStatistics ?? []);
    const dimensions = (input.Dimensions ?? []).map(({ Name, Value }) => [Name!, Value!] as const);
    const periods = await reader.periods(
      { account: caller.account, region: caller.region, namespace: namespace!, name: name!, dimensions },
      { from: roundedStart(start, period!, clock.now()), to: end, period: period!, unit },
    );
    const simple = new Set<string>(input.Statistics);
    return {
      Label: name,
      Datapoints: periods.map((each) => datapointOf(each, simple, extended)),
    };
  };
}

function checkPeriod(start: number, end: number, period: number): void {
  if (start >= end) throw invalidParameterValue('The parameter StartTime must be less than the parameter EndTime.');
  if (!isPeriod(period)) throw invalidParameterValue('The parameter Period must be a multiple of 60.');
  const datapoints = Math.floor((end - start) / (1000 * period));
  if (datapoints > limits.datapointsPerStatistics) {
    throw invalidParameterCombination(
      `You have requested up to ${datapoints} datapoints, which exceeds the limit of ${limits.datapointsPerStatistics}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
}

/** The extended statistics, by the names that were asked for. */
function checkStatistics(simple: readonly string[], extended: readonly string[]): Map<string, Statistic> {
  if (simple.length === 0 && extended.length === 0) {
    throw invalidParameterCombination('Must specify either Statistics or ExtendedStatistics');
  }
  if (simple.length > 0 && extended.length > 0) {
    throw invalidParameterCombination(
      'The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.',
    );
  }
  const found = new Map<string, Statistic>();
  for (const [index, name] of extended.entries()) {
    const statistic = parseStatistic(name);
    if (statistic === undefined) {
      throw invalidParameterValue(`The value ${name} for parameter ExtendedStatistics.member.${index + 1} is invalid.`);
    }
    found.set(name, statistic);
  }
  return found;
}

function datapointOf({ time, unit, set }: Period, simple: ReadonlySet<string>, extended: Map<string, Statistic>) {
  const values: Record<string, number> = {};
  for (const [name, statistic] of extended) {
    const value = statisticOf(statistic, set);
    if (value !== undefined) values[name] = value;
  }
  return {
    Timestamp: new Date(time),
    ...(simple.has('SampleCount') && { SampleCount: set.sampleCount }),
    ...(simple.has('Average') && { Average: set.sum / set.sampleCount }),
    ...(simple.has('Sum') && { Sum: set.sum }),
    ...(simple.has('Minimum') && { Minimum: set.minimum }),
    ...(simple.has('Maximum') && { Maximum: set.maximum }),
    Unit: unit as 'None',
    ...(extended.size > 0 && { ExtendedStatistics: values }),
  };
}
