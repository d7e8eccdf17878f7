// Pages of lists of queues: a token holds the last name that was told.
import { invalidValue } from './errors.ts';
import { limits } from './limits.ts';

export interface Page {
  limit: number;
  /** Names behind this one; empty at the beginning. */
  after: string;
}

/** Throws InvalidParameterValue. */
export function requestedPage(input: { NextToken?: string | undefined; MaxResults?: number | undefined }): Page {
  const { NextToken: token, MaxResults: max } = input;
  if (max !== undefined && (max < 1 || max > limits.listPage)) {
    throw invalidValue(max, 'MaxResults', `Must be between 1 and ${limits.listPage}, if provided.`);
  }
  return { limit: max ?? limits.listPage, after: token === undefined ? '' : nameOf(token) };
}

/** What is told of rows, of which one more was read than fits. AWS gives a token only where MaxResults was given. */
export function tokenAfter<T>(
  rows: readonly T[],
  page: Page,
  maxResults: number | undefined,
  name: (row: T) => string,
) {
  const shown = rows.slice(0, page.limit);
  if (rows.length <= page.limit || maxResults === undefined) return { shown };
  return { shown, NextToken: Buffer.from(name(shown.at(-1)!)).toString('base64') };
}

function nameOf(token: string): string {
  const name = Buffer.from(token, 'base64').toString();
  if (!/^[A-Za-z0-9_-]{1,80}(?:\.fifo)?$/.test(name)) {
    throw invalidValue(token, 'NextToken', 'The token is not valid.');
  }
  return name;
}
