// Links that let their bearer download a deployment package for ten minutes, as GetFunction hands them out.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';

const lifetimeMs = 600_000;
const prefix = '/_aws/lambda/packages/';

export class DownloadLinks {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor(key: Buffer, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /** A link below `endpoint` to the package `sha256`. */
  make(endpoint: string, sha256: string): string {
    const expires = this.#clock.now() + lifetimeMs;
    return `${endpoint}${prefix}${sha256}?X-Amz-Expires=${expires}&X-Amz-Signature=${this.#sign(sha256, expires)}`;
  }

  /** The package that a request's URL may download; undefined when the URL is no such link, null when it is not valid. */
  read(url: string): string | null | undefined {
    if (!url.startsWith(prefix)) return undefined;
    const parsed = new URL(url, 'http://localhost');
    const sha256 = parsed.pathname.slice(prefix.length);
    const expires = Number(parsed.searchParams.get('X-Amz-Expires'));
    const given = Buffer.from(parsed.searchParams.get('X-Amz-Signature') ?? '');
    const expected = Buffer.from(this.#sign(sha256, expires));
    const valid = given.length === expected.length && timingSafeEqual(given, expected) && expires > this.#clock.now();
    return valid ? sha256 : null;
  }

  #sign(sha256: string, expires: number): string {
    return createHmac('sha256', this.#key).update(`package:${sha256}:${expires}`).digest('hex');
  }
}
