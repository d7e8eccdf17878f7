// Whether a payload is JSON, and how AWS puts it when it is not.
import { invalidRequestContent } from './errors.ts';

const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** Throws InvalidRequestContentException unless `payload` is one JSON text in UTF-8. */
export function checkJson(payload: Buffer): void {
  const text = payload.toString('utf8');
  if (text.includes('\ufffd')) checkUtf8(payload);
  try {
    JSON.parse(text);
  } catch (error) {
    throw notJson(describe(text, (error as Error).message), positionOf(text, (error as Error).message));
  }
}

function notJson(problem: string, at: { line: number; column: number }): Error {
  return invalidRequestContent(
    `Could not parse request body into json: Could not parse payload into json: ${problem}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${at.line}, column: ${at.column}]`,
  );
}

function checkUtf8(payload: Buffer): void {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    const bad = payload.findIndex((byte) => byte >= 0x80);
    const hex = payload[bad]!.toString(16);
    throw notJson(`Invalid UTF-8 start byte 0x${hex}`, { line: 1, column: bad + 1 });
  }
}

function offsetOf(text: string, message: string): number {
  const match = /at position (\d+)/.exec(message);
  return match === null ? text.length : Number(match[1]);
}

function positionOf(text: string, message: string): { line: number; column: number } {
  const before = text.slice(0, offsetOf(text, message));
  const lines = before.split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

function describe(text: string, message: string): string {
  // V8 leaves the position out of its message for short texts; the first character is then the culprit or the last is missing.
  const offset = /at position/.test(message) ? offsetOf(text, message) : firstSuspect(text);
  const character = text[offset];
  if (character === undefined) return 'Unexpected end-of-input within/between Object entries';
  const token = /^[A-Za-z_$][\w$]*/.exec(text.slice(offset))?.[0];
  if (token !== undefined) return `Unrecognized token '${token}': was expecting ${expected}`;
  return `Unexpected character (${nameOf(character)}): expected a valid value ${expected}`;
}

function firstSuspect(text: string): number {
  const start = text.search(/\S/);
  return start === -1 || /[[{"\d-]/.test(text[start]!) ? text.length : start;
}

function nameOf(character: string): string {
  const code = character.codePointAt(0)!;
  return code < 32 || (code >= 127 && code < 160) ? `(CTRL-CHAR, code ${code})` : `'${character}' (code ${code})`;
}
