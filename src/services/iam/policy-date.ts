// Dates in policies' conditions: ISO 8601 in the loose form that IAM accepts, or seconds since the epoch.

const isoDate =
  /^-?\d{1,9}(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12]\d|3[01]))?)?(t(([01]?\d|2[0-3])(:[0-5]?\d(:[0-5]?\d(\.\d{1,9})?)?)?(z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)?)?)?$/i;

/** True when IAM takes `value` for a date. */
export function isLegacyDate(value: unknown): boolean {
  const text = String(value);
  if (/[t-]/i.test(text)) return isoDate.test(text);
  return /^\d+$/.test(text) && BigInt(text) <= 0x7fff_ffff_ffff_ffffn;
}
