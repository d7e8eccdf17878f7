// Writes deployment packages from entries that were compressed before: what has not changed is not compressed again.
// The format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** Relative, with forward slashes. */
  path: string;
  /** File type and permissions, as of stat(2). */
  mode: number;
  crc: number;
  /** Length of the content. */
  bytes: number;
  compressed: Buffer;
  /** 8 for deflate, 0 for content that would only grow by it. */
  method: 0 | 8;
}

/** The earliest time that a zip can hold, 1980-01-01: when a file was touched is no part of what a function is. */
const zipEpoch = { time: 0, date: 0x21 };
const madeByUnix = (3 << 8) | 63;
const zip64Version = 45;
const utf8Names = 1 << 11;
/** More entries than that are counted in records of 64 bits. */
const most16 = 0xffff;

export function zipEntry(path: string, mode: number, content: Buffer): ZipEntry {
  const deflated = deflateRawSync(content);
  const shrinks = deflated.length < content.length;
  return {
    ...{ path, mode, crc: crc32(content), bytes: content.length },
    ...(shrinks ? { compressed: deflated, method: 8 } : { compressed: content, method: 0 }),
  };
}

/** The same entries in the same order always make the same bytes. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.path);
    const header = Buffer.allocUnsafe(30);
    header.writeUInt32LE(0x04034b50, 0);
    describe(header, 4, entry, name.length);
    parts.push(header, name, entry.compressed);
    directory.push(directoryRecord(entry, name.length, offset), name);
    offset += header.length + name.length + entry.compressed.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...parts, ...directory, ...end(entries.length, offset, directoryBytes)]);
}

/** What local headers and the directory say alike, in 26 bytes. */
function describe(record: Buffer, at: number, { crc, compressed, bytes, method }: ZipEntry, nameBytes: number): void {
  record.writeUInt16LE(20, at);
  record.writeUInt16LE(utf8Names, at + 2);
  record.writeUInt16LE(method, at + 4);
  record.writeUInt16LE(zipEpoch.time, at + 6);
  record.writeUInt16LE(zipEpoch.date, at + 8);
  record.writeUInt32LE(crc, at + 10);
  record.writeUInt32LE(compressed.length, at + 14);
  record.writeUInt32LE(bytes, at + 18);
  record.writeUInt16LE(nameBytes, at + 22);
  record.writeUInt16LE(0, at + 24);
}

function directoryRecord(entry: ZipEntry, nameBytes: number, offset: number): Buffer {
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(madeByUnix, 4);
  describe(record, 6, entry, nameBytes);
  record.writeUInt32LE((entry.mode << 16) >>> 0, 38);
  record.writeUInt32LE(offset, 42);
  return record;
}

function end(count: number, directoryAt: number, directoryBytes: number): Buffer[] {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(Math.min(count, most16), 8);
  record.writeUInt16LE(Math.min(count, most16), 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(directoryAt, 16);
  return count < most16 ? [record] : [zip64End(count, directoryAt, directoryBytes), record];
}

function zip64End(count: number, directoryAt: number, directoryBytes: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(madeByUnix, 12);
  record.writeUInt16LE(zip64Version, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(directoryAt), 48);
  // The locator: where that record begins.
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(directoryAt + directoryBytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
