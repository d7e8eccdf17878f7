// The name of a new log group. AWS words one that is too long by itself, the rest as any validation.
import { invalidParameter } from './errors.ts';
import { limits } from './limits.ts';

const pattern = '[\\.\\-_/#A-Za-z0-9]+';
const whole = new RegExp(`^${pattern}$`);

/** Throws InvalidParameterException. */
export function requireGroupName(name: string | undefined): string {
  if (name === undefined) throw unsatisfied('null', 'Member must not be null');
  if (name === '') throw unsatisfied("''", 'Member must have length greater than or equal to 1');
  if (name.length > limits.nameLength) {
    throw invalidParameter(
      `Invalid LogGroup or LogStream, both must have length less than or equal to ${limits.nameLength}.`,
    );
  }
  if (!whole.test(name)) throw unsatisfied(`'${name}'`, `Member must satisfy regular expression pattern: ${pattern}`);
  return name;
}

const unsatisfied = (value: string, constraint: string) =>
  invalidParameter(
    `1 validation error detected: Value ${value} at 'logGroupName' failed to satisfy constraint: ${constraint}`,
  );
