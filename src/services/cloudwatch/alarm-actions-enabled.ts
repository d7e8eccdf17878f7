// Switches the actions of alarms on and off.
import type { AlarmOwner } from './alarm.ts';
import { configurationItem } from './alarm-history.ts';
import type { CloudWatch } from './cloudwatch.ts';

/** Alarms that do not exist are passed over, as AWS does. */
export async function setActionsEnabled(
  { alarms }: CloudWatch,
  { account, region }: AlarmOwner,
  names: readonly string[],
  enabled: boolean,
  now: number,
): Promise<void> {
  await alarms.change(async (writer) => {
    for (const name of new Set(names)) {
      const alarm = await writer.get({ account, region, name });
      if (alarm === undefined || alarm.actions.enabled === enabled) continue;
      alarm.actions.enabled = enabled;
      alarm.configured = now;
      await writer.put(alarm);
      await writer.addHistory(configurationItem('Update', alarm, now));
    }
  });
}
