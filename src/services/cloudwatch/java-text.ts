// Numbers and dates as AWS writes them into reasons and messages: as Java does.

/** As Double.toString: always with a fraction, with an exponent from 1.0E7 on and below 0.001. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : value < 0 ? '-Infinity' : 'NaN';
  const magnitude = Math.abs(value);
  if (value === 0 || (magnitude >= 1e-3 && magnitude < 1e7)) {
    return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
  }
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** A double within JSON. */
export function doubleJson(value: number): unknown {
  return JSON.rawJSON(Number.isFinite(value) ? doubleText(value) : `"${doubleText(value)}"`);
}

/** `2023-08-04T12:36:15.490+0000` */
export function timestampText(time: number): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}

/** `26/10/23 16:42:00` */
export function shortTimeText(time: number): string {
  const [year, month, day] = new Date(time).toISOString().slice(2, 10).split('-');
  return `${day}/${month}/${year} ${new Date(time).toISOString().slice(11, 19)}`;
}

const longDate = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: '2-digit',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `Friday 22 July, 2022 15:57:45 UTC` */
export function longTimeText(time: number): string {
  const parts = Object.fromEntries(longDate.formatToParts(time).map(({ type, value }) => [type, value]));
  const { weekday, day, month, year } = parts;
  return `${weekday} ${day} ${month}, ${year} ${new Date(time).toISOString().slice(11, 19)} UTC`;
}
