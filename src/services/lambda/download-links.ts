// Links that let their bearer download a package for ten minutes: of a function as GetFunction hands them out, or of a layer.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';

const lifetimeSeconds = 600;
const prefix = '/_aws/lambda/packages/';

export class DownloadLinks {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor(key: Buffer, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  /** A link below `endpoint` to the package `sha256`, in the shape of S3's own. */
  make(endpoint: string, sha256: string): string {
    const date = writeDate(this.#clock.now());
    const signature = this.#sign(sha256, date, lifetimeSeconds);
    return `${endpoint}${prefix}${sha256}?X-Amz-Date=${date}&X-Amz-Expires=${lifetimeSeconds}&X-Amz-Signature=${signature}`;
  }

  /** The package that a request's URL may download; undefined when the URL is no such link, null when it is not valid. */
  read(url: string): string | null | undefined {
    if (!url.startsWith(prefix)) return undefined;
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const sha256 = pathname.slice(prefix.length);
    const date = searchParams.get('X-Amz-Date') ?? '';
    const seconds = Number(searchParams.get('X-Amz-Expires'));
    const given = Buffer.from(searchParams.get('X-Amz-Signature') ?? '');
    const expected = Buffer.from(this.#sign(sha256, date, seconds));
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
    return isSigned && this.#clock.now() < readDate(date) + seconds * 1000 ? sha256 : null;
  }

  #sign(sha256: string, date: string, seconds: number): string {
    return createHmac('sha256', this.#key).update(`package:${sha256}:${date}:${seconds}`).digest('hex');
  }
}

/** `20260131T120000Z`. */
function writeDate(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Only of what `writeDate` wrote, since the signature was checked before. */
function readDate(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}
