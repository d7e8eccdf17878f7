// DisableAlarmActions: lets alarms change state without taking actions.
import { setActionsEnabled } from '../alarm-actions-enabled.ts';
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';

export function disableAlarmActions(cloudWatch: CloudWatch): CloudWatchOperation<'DisableAlarmActions'> {
  return async (input, { caller, clock }) => {
    await setActionsEnabled(cloudWatch, caller, input.AlarmNames!, false, clock.now());
    return {};
  };
}
