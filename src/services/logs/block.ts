// Many events of one stream as one row: columns of JSON, compressed when that pays.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { bounds, limits } from './limits.ts';

/** Events as columns of equal length, ordered by timestamp, then sequence. */
export interface Events {
  /** Epoch milliseconds. */
  timestamps: number[];
  /** The order in which the stream took the events in, from 1. */
  sequences: number[];
  /** Epoch milliseconds. */
  ingestionTimes: number[];
  messages: string[];
}

export interface Block {
  firstTime: number;
  /** Sequence of the first event, which need not be the lowest. */
  firstSequence: number;
  lastTime: number;
  count: number;
  /** As AWS counts: UTF-8 and 26 bytes for each event. */
  bytes: number;
  encoding: number;
  body: Uint8Array;
}

const encodings = { json: 0, zstdJson: 1 } as const;

/** Encodes ordered events as few blocks, none of which exceeds the bounds on span, count and length. */
export function encodeBlocks(events: Events): Block[] {
  const blocks: Block[] = [];
  const { timestamps, messages } = events;
  let start = 0;
  let length = 0;
  for (let index = 0; index < timestamps.length; index++) {
    const full =
      index - start >= bounds.blockEvents ||
      length + messages[index]!.length > bounds.blockLength ||
      timestamps[index]! - timestamps[start]! > bounds.blockSpanMs;
    if (full && index > start) {
      blocks.push(encodeBlock(events, start, index));
      start = index;
      length = 0;
    }
    length += messages[index]!.length;
  }
  if (start < timestamps.length) blocks.push(encodeBlock(events, start, timestamps.length));
  return blocks;
}

function encodeBlock(events: Events, start: number, end: number): Block {
  const messages = start === 0 && end === events.messages.length ? events.messages : events.messages.slice(start, end);
  const json = Buffer.from(
    JSON.stringify([
      differences(events.timestamps, start, end),
      differences(events.sequences, start, end),
      differences(events.ingestionTimes, start, end),
      messages,
    ]),
  );
  const compressed = json.length > bounds.compressAboveBytes;
  let bytes = 0;
  for (const message of messages) bytes += Buffer.byteLength(message) + limits.eventOverheadBytes;
  return {
    firstTime: events.timestamps[start]!,
    firstSequence: events.sequences[start]!,
    lastTime: events.timestamps[end - 1]!,
    count: end - start,
    bytes,
    encoding: compressed ? encodings.zstdJson : encodings.json,
    body: compressed ? zstdCompressSync(json) : json,
  };
}

/** The events of a block as `encodeBlocks` was given them. */
export function decodeBlock(encoding: number, body: Uint8Array): Events {
  const json =
    encoding === encodings.zstdJson ? zstdDecompressSync(body) : Buffer.from(body.buffer, body.byteOffset, body.length);
  const [timestamps, sequences, ingestionTimes, messages] = JSON.parse(json.toString());
  const count = messages.length;
  return {
    timestamps: sums(timestamps, count),
    sequences: sums(sequences, count),
    ingestionTimes: sums(ingestionTimes, count),
    messages,
  };
}

/** The first value, then each one's distance from the one before; just `[first, step]` when all distances are equal. */
function differences(values: number[], start: number, end: number): number[] {
  const result = [values[start]!];
  let even = true;
  for (let index = start + 1; index < end; index++) {
    const difference = values[index]! - values[index - 1]!;
    result.push(difference);
    if (difference !== result[1]) even = false;
  }
  return even ? result.slice(0, 2) : result;
}

function sums(stored: number[], count: number): number[] {
  const values = new Array<number>(count);
  const step = stored[1] ?? 0;
  const even = stored.length === 2;
  let value = stored[0]!;
  values[0] = value;
  for (let index = 1; index < count; index++) {
    value += even ? step : stored[index]!;
    values[index] = value;
  }
  return values;
}
