// Names of alarms. API_PutMetricAlarm.html
import { validationError } from './errors.ts';

/** Throws ValidationError for control characters. */
export function checkAlarmName(name: string): string {
  if (/[\x00-\x1f\x7f]/.test(name)) throw validationError('AlarmName must not contain ASCII Control characters');
  return name;
}
