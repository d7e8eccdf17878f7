// Opaque tokens of listings.
import { invalidToken } from './errors.ts';

export function writeToken(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Throws InvalidParameterException when `writeToken` did not write such a token. */
export function parseToken<T>(token: string, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw invalidToken();
  }
  if (!is(value)) throw invalidToken();
  return value;
}
