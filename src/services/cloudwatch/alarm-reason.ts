// Why a metric alarm is in its state, in AWS's words: StateReason, and StateReasonData as JSON.
import type { Comparison, MetricAlarm, StateValue } from './alarm.ts';
import { periodOf } from './alarm.ts';
import { type Datapoint, type Evaluation, isBreaching } from './alarm-evaluation.ts';
import { doubleJson, doubleText, shortTimeText, timestampText } from './java-text.ts';
import { limits } from './limits.ts';

const comparisonText: Readonly<Record<Comparison, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** From how many datapoints on only the most recent are listed, at the end of the sentence. */
const manyDatapoints = 5;

/** The reason of the state that an evaluation led to. */
export function stateReason(alarm: MetricAlarm, state: StateValue, { evaluated, filled }: Evaluation): string {
  const { evaluationPeriods, comparison, threshold } = alarm;
  if (state === 'INSUFFICIENT_DATA') {
    const unknown = evaluated.filter(({ value }) => value === undefined).length;
    return `Insufficient Data: ${counted(unknown, 'datapoint')} ${was(unknown)} unknown.`;
  }
  const measured = evaluated.filter(({ value }) => value !== undefined);
  const decisive = measured.filter(({ value }) => isBreaching(value!, comparison, threshold) === (state === 'ALARM'));
  const treated = treatmentText(alarm, filled);
  const count = decisive.length;
  if (count === 0) {
    const received = measured.length === 0 ? 'no datapoints' : counted(measured.length, 'datapoint');
    const verb = was(measured.length);
    return `Threshold Crossed: ${received} ${verb} received for ${counted(evaluationPeriods, 'period')}${treated}.`;
  }
  const needed = alarm.datapointsToAlarm;
  const subject =
    needed === undefined ? counted(count, 'datapoint') : `${count} out of the last ${evaluationPeriods} datapoints`;
  const listed = decisive.slice(0, manyDatapoints).map(({ time, value }) => {
    return `${doubleText(value!)} (${shortTimeText(time)})`;
  });
  const list = `[${listed.join(', ')}]`;
  const verdict = `${was(count)} ${state === 'OK' ? 'not ' : ''}${comparisonText[comparison]} the threshold (${doubleText(threshold)})${treated}`;
  const minimum = needed === undefined ? '' : minimumText(state, needed, evaluationPeriods);
  if (count < manyDatapoints) return `Threshold Crossed: ${subject} ${list} ${verdict}${minimum}.`;
  return `Threshold Crossed: ${subject} ${verdict}. The most recent datapoints which crossed the threshold: ${list}${minimum}.`;
}

/**
 * The reason's data, as JSON, with as many of the newest datapoints as fit into AWS's limit.
 * `queried`: when the datapoints were read, epoch milliseconds.
 */
export function stateReasonData(alarm: MetricAlarm, evaluated: readonly Datapoint[], queried: number): string {
  let listed = evaluated.length;
  let data = reasonData(alarm, evaluated, queried, listed);
  while (data.length > limits.stateReasonDataLength && listed > 0) {
    listed = Math.floor(listed / 2);
    data = reasonData(alarm, evaluated, queried, listed);
  }
  return data;
}

function reasonData(alarm: MetricAlarm, evaluated: readonly Datapoint[], queried: number, listed: number): string {
  const measured = evaluated.filter(({ value }) => value !== undefined);
  const { metric } = alarm;
  return JSON.stringify({
    version: '1.0',
    queryDate: timestampText(queried),
    startDate: measured.length === 0 ? undefined : timestampText(measured.at(-1)!.time),
    unit: metric?.unit,
    statistic: metric?.statistic,
    period: periodOf(alarm),
    recentDatapoints: measured
      .slice(0, listed)
      .map(({ value }) => doubleJson(value!))
      .reverse(),
    threshold: doubleJson(alarm.threshold),
    evaluatedDatapoints: evaluated.slice(0, listed).map(({ time, value, sampleCount }) => ({
      timestamp: timestampText(time),
      sampleCount: sampleCount === undefined ? undefined : doubleJson(sampleCount),
      value: value === undefined ? undefined : doubleJson(value),
    })),
  });
}

function treatmentText({ treatMissingData }: MetricAlarm, filled: number): string {
  if (filled === 0 || (treatMissingData !== 'breaching' && treatMissingData !== 'notBreaching')) return '';
  const treatment = treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  return ` and ${counted(filled, 'missing datapoint')} ${was(filled)} treated as [${treatment}]`;
}

function minimumText(state: StateValue, needed: number, periods: number): string {
  const [minimum, transition] = state === 'ALARM' ? [needed, 'OK -> ALARM'] : [periods - needed + 1, 'ALARM -> OK'];
  return ` (minimum ${counted(minimum, 'datapoint')} for ${transition} transition)`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function was(count: number): string {
  return count === 1 ? 'was' : 'were';
}
