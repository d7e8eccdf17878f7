// SetAlarmState: puts an alarm into a state until it is evaluated next.
import type { StateValue } from '../alarm.ts';
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { alarmNotFound, invalidFormat, validationError } from '../errors.ts';

export function setAlarmState({ alarms }: CloudWatch): CloudWatchOperation<'SetAlarmState'> {
  return async (input, { caller: { account, region } }) => {
    const { AlarmName: name, StateReason: reason, StateReasonData: data } = input;
    const value = stateFrom(input.StateValue);
    if (data !== undefined && !isJson(data)) throw invalidFormat('StateReasonData must be valid JSON');
    await alarms.change(async (writer, transition) => {
      const alarm = await writer.get({ account, region, name: name! });
      if (alarm === undefined) throw alarmNotFound();
      await transition.enter(alarm, value, reason!, data);
    });
    return {};
  };
}

/** In the order in which AWS lists the states here, which is not that of its model. */
const states: readonly StateValue[] = ['INSUFFICIENT_DATA', 'ALARM', 'OK'];

function stateFrom(value: StateValue | undefined): StateValue {
  if (value !== undefined && states.includes(value)) return value;
  const given = value === undefined ? 'null' : `'${value}'`;
  const constraint =
    value === undefined ? 'Member must not be null' : `Member must satisfy enum value set: [${states.join(', ')}]`;
  throw validationError(
    `1 validation error detected: Value ${given} at 'stateValue' failed to satisfy constraint: ${constraint}`,
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
