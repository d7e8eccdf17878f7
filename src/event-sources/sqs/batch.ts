// Messages on their way into invocations: what each weighs, and which fit into one.
import type { PolledMapping } from '../event-source.ts';
import { type Message, type QueueRecord, type RecordOrigin, toRecord } from './record.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const payloadLimitBytes = 6 * 1024 * 1024;

const head = '{"Records":[';
const tail = ']}';

export interface BatchItem {
  record: QueueRecord;
  json: string;
  bytes: number;
}

/** What was received for one invocation. */
export interface Batch {
  /** As it was then. */
  mapping: PolledMapping;
  /** ARN of the function's execution role. */
  role: string;
  items: BatchItem[];
  /** When the first of it was received, monotonic milliseconds. */
  takenAt: number;
}

export function toItem(message: Message, origin: RecordOrigin): BatchItem {
  const record = toRecord(message, origin);
  const json = JSON.stringify(record);
  return { record, json, bytes: Buffer.byteLength(json) + 1 };
}

export function weigh(items: readonly BatchItem[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, head.length + tail.length);
}

/** `items` in their order, in as few parts as fit into an invocation each. One that alone is too large is a part of its own. */
export function splitBySize(items: readonly BatchItem[], limitBytes = payloadLimitBytes): BatchItem[][] {
  const parts: BatchItem[][] = [];
  let part: BatchItem[] = [];
  let bytes = head.length + tail.length;
  for (const item of items) {
    if (part.length > 0 && bytes + item.bytes > limitBytes) {
      parts.push(part);
      part = [];
      bytes = head.length + tail.length;
    }
    part.push(item);
    bytes += item.bytes;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** The event of an invocation. */
export function toPayload(items: readonly BatchItem[]): Buffer {
  return Buffer.from(`${head}${items.map(({ json }) => json).join(',')}${tail}`);
}
