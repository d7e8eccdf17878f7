// EnableAlarmActions: lets alarms take actions when they change state.
import { setActionsEnabled } from '../alarm-actions-enabled.ts';
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';

export function enableAlarmActions(cloudWatch: CloudWatch): CloudWatchOperation<'EnableAlarmActions'> {
  return async (input, { caller, clock }) => {
    await setActionsEnabled(cloudWatch, caller, input.AlarmNames!, true, clock.now());
    return {};
  };
}
