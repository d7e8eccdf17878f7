// The URLs that name queues: the one we give out, and the others that clients send.
import { invalidAddress } from './errors.ts';
import type { QueueKey } from './queue.ts';

/** `endpoint` as in `CallContext`, e.g. `http://127.0.0.1:4566`. */
export function formatQueueUrl(endpoint: string, { account, name }: QueueKey): string {
  return `${endpoint}/${account}/${name}`;
}

/**
 * Which queue a URL names: the last two parts of its path. The region is that of the host (`sqs.eu-west-1.…`,
 * `eu-west-1.queue.…`) or of a path `/queue/eu-west-1/…`; else `region`, the caller's. Throws InvalidAddress.
 */
export function parseQueueUrl(url: string, region: string): QueueKey {
  const match = /^(?:https?:\/\/([^/?#]+))?((?:\/[^/?#]+)*)\/(\d{12})\/([^/?#]+)\/?$/.exec(url);
  if (match === null) throw invalidAddress(url);
  const [, host, before, account, name] = match;
  return { account: account!, region: regionOf(host, before!) ?? region, name: name! };
}

function regionOf(host: string | undefined, pathBefore: string): string | undefined {
  const byPath = /^\/queue\/([a-z0-9-]+)$/.exec(pathBefore)?.[1];
  if (byPath !== undefined) return byPath;
  const match = /^(?:sqs\.([a-z]{2,4}(?:-[a-z]+)+-\d)|([a-z]{2,4}(?:-[a-z]+)+-\d)\.queue)\./.exec(host ?? '');
  return match?.[1] ?? match?.[2];
}
