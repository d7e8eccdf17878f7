// Opaque markers of paged lists: where the last page ended.
import { invalidParameter } from './errors.ts';

export interface Position {
  name: string;
  number: number;
}

/** Before every function and version. */
const start: Position = { name: '', number: -1 };

export function writeMarker(name: string, number: number): string {
  return Buffer.from(JSON.stringify([name, number])).toString('base64');
}

/** Throws InvalidParameterValueException for a marker that no list gave out. */
export function readMarker(marker: string | undefined): Position {
  if (marker === undefined || marker === '') return start;
  try {
    const [name, number] = JSON.parse(Buffer.from(marker, 'base64').toString());
    if (typeof name === 'string' && Number.isInteger(number)) return { name, number };
  } catch {
    // Falls through: not of our making.
  }
  throw invalidParameter('Invalid Marker');
}
