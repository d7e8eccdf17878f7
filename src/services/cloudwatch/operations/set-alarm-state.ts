// SetAlarmState: puts an alarm into a state until it is evaluated next.
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { alarmNotFound, invalidFormat } from '../errors.ts';

export function setAlarmState({ alarms }: CloudWatch): CloudWatchOperation<'SetAlarmState'> {
  return async (input, { caller: { account, region } }) => {
    const { AlarmName: name, StateValue: value, StateReason: reason, StateReasonData: data } = input;
    if (data !== undefined && !isJson(data)) throw invalidFormat('StateReasonData must be valid JSON');
    await alarms.change(async (writer, transition) => {
      const alarm = await writer.get({ account, region, name: name! });
      if (alarm === undefined) throw alarmNotFound();
      await transition.enter(alarm, value!, reason!, data);
    });
    return {};
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
