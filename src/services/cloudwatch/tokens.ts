// Opaque tokens of pages.

export function writeToken(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Undefined when `writeToken` did not write such a token. */
export function parseToken<T>(token: string, is: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return is(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
