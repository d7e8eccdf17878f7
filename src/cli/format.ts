// Sizes, times, tables and colours for people.
import { styleText } from 'node:util';

const units = ['B', 'kB', 'MB', 'GB'];

/** e.g. `512 B`, `1.4 kB`, `38 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** e.g. `840 ms`, `2.3 s`. */
export function formatMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Local date and time to the second, e.g. `2026-03-01 14:05:09`. */
export function formatTime(epochMs: number): string {
  const time = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** Rows with columns as wide as their widest value; columns of numbers are named in `right` and end aligned. */
export function formatTable(head: string[], rows: string[][], right: string[] = []): string {
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]!.length)));
  const line = (row: string[]) =>
    row
      .map((value, at) => (right.includes(head[at]!) ? value.padStart(widths[at]!) : value.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

/** `text` in a colour where `stream` is a terminal, and NO_COLOR does not speak against it. */
export function paint(
  text: string,
  colour: 'red' | 'green' | 'yellow' | 'dim' | 'bold',
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return styleText(colour, text, { stream });
}
