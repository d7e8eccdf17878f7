// Values that travel as text, in headers, labels, query parameters and forms.
import type { NormalizedSchema } from '@smithy/core/schema';
import { dateToUtcString, quoteHeader, splitEvery, splitHeader } from '@smithy/core/serde';
import { serializationError } from './errors.ts';

export type TextReader = (text: string) => unknown;
export type TextWriter = (value: any) => string;

/** What an unmarked timestamp looks like in this place: 5 is ISO 8601, 6 an HTTP date, 7 epoch seconds. */
export type TimestampFormat = 5 | 6 | 7;

/** Reads one value, not a list. Throws SerializationException. */
export function textReader(schema: NormalizedSchema, timestamps: TimestampFormat): TextReader {
  if (schema.isBooleanSchema()) return readBoolean;
  if (schema.isNumericSchema()) return readNumber;
  if (schema.isTimestampSchema()) {
    const format = formatOf(schema, timestamps);
    return (text) => readTimestamp(text, format);
  }
  if (schema.isBlobSchema()) return (text) => Buffer.from(text, 'base64');
  const mediaType = schema.getMergedTraits().mediaType;
  if (schema.isStringSchema() && mediaType) return (text) => Buffer.from(text, 'base64').toString('utf8');
  return (text) => text;
}

export function textWriter(schema: NormalizedSchema, timestamps: TimestampFormat): TextWriter {
  if (schema.isTimestampSchema()) {
    const format = formatOf(schema, timestamps);
    return (value: Date) => {
      if (format === 6) return dateToUtcString(value);
      return format === 7 ? String(value.getTime() / 1000) : value.toISOString().replace('.000Z', 'Z');
    };
  }
  if (schema.isBlobSchema()) return (value: Uint8Array) => Buffer.from(value).toString('base64');
  if (schema.isStringSchema() && schema.getMergedTraits().mediaType) {
    return (value) => Buffer.from(String(value), 'utf8').toString('base64');
  }
  return String;
}

/** Splits and joins lists in headers: HTTP dates hold a comma each, strings may be quoted. */
export function splitList(schema: NormalizedSchema, text: string): string[] {
  const isHttpDate = schema.isTimestampSchema() && formatOf(schema, 6) === 6;
  return isHttpDate
    ? splitEvery(text, ',', 2).map((part) => part.trim())
    : splitHeader(text).map((part) => part.trim());
}

export function joinList(schema: NormalizedSchema, items: string[]): string {
  return items.map((item) => (schema.isTimestampSchema() ? item : quoteHeader(item))).join(', ');
}

function formatOf(schema: NormalizedSchema, unmarked: TimestampFormat): TimestampFormat {
  const marked = schema.getSchema();
  return marked === 5 || marked === 6 || marked === 7 ? marked : unmarked;
}

function readBoolean(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === 'true') return true;
  if (lower === 'false') return false;
  throw serializationError(`'${text}' can not be converted to a Boolean`);
}

function readNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || (Number.isNaN(number) && text !== 'NaN')) {
    throw serializationError('STRING_VALUE can not be converted to an Integer');
  }
  return number;
}

function readTimestamp(text: string, format: TimestampFormat): Date {
  const date =
    format === 7 || /^-?\d+(\.\d+)?$/.test(text) ? new Date(Math.round(Number(text) * 1000)) : new Date(text);
  if (Number.isNaN(date.getTime())) throw serializationError(`'${text}' can not be converted to a Timestamp`);
  return date;
}
