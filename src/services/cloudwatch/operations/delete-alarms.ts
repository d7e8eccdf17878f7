// DeleteAlarms: deletes alarms that no composite alarm depends on, among them one composite alarm at most.
import type { Alarm } from '../alarm.ts';
import { configurationItem } from '../alarm-history.ts';
import type { CloudWatch, CloudWatchOperation } from '../cloudwatch.ts';
import { alarmNotFound, validationError } from '../errors.ts';

export function deleteAlarms({ alarms }: CloudWatch): CloudWatchOperation<'DeleteAlarms'> {
  return async (input, { caller: { account, region }, clock }) => {
    const names = [...new Set(input.AlarmNames)];
    const found = await alarms.change(async (writer) => {
      const found: Alarm[] = [];
      for (const name of names) {
        const alarm = await writer.get({ account, region, name });
        if (alarm !== undefined) found.push(alarm);
      }
      if (found.filter(({ type }) => type === 'CompositeAlarm').length > 1) {
        throw validationError('You can delete at most one composite alarm in one operation.');
      }
      const deleted = new Set(found.map(({ name }) => name));
      const needed: string[] = [];
      for (const alarm of found) {
        const dependents = [
          ...(await writer.composites(alarm, 'rule')),
          ...(await writer.composites(alarm, 'suppressor')),
        ];
        if (dependents.some((name) => !deleted.has(name))) needed.push(alarm.name);
      }
      if (needed.length > 0) {
        const them = needed.length === 1 ? 'it' : 'them';
        throw validationError(
          `Cannot delete ${needed.join(',')} as there are composite alarm(s) depending on ${them}.`,
        );
      }
      for (const alarm of found) {
        await writer.delete(alarm);
        await writer.addHistory(configurationItem('Delete', alarm, clock.now()));
      }
      return found;
    });
    for (const alarm of found) alarms.forget(alarm);
    if (found.length < names.length) throw alarmNotFound();
    return {};
  };
}
