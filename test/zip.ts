// Zip files for tests, byte by byte, so that they may be as wrong as a test needs them.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string | Buffer;
  content?: string | Buffer;
  /** Unix mode with file type, e.g. `0o100644`; default: a readable file. */
  mode?: number;
  /** Upper byte of "version made by": 3 is Unix, 0 is DOS. */
  system?: number;
  /** General purpose flags; bit 0 says encrypted, bit 11 says UTF-8. */
  flags?: number;
  /** 0 stored, 8 deflated; others are unknown to readers. */
  method?: number;
  /** What the headers say of the unpacked size, when it is not the truth. */
  declaredSize?: number;
  /** What they say of the checksum. */
  declaredCrc?: number;
}

/** A zip of `entries`; a record of names and texts will do for plain files. */
export function zipOf(entries: readonly ZipEntry[] | Record<string, string | Buffer>): Buffer {
  const list = Array.isArray(entries)
    ? (entries as readonly ZipEntry[])
    : Object.entries(entries).map(([name, content]) => ({ name, content }));
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of list) {
    const { local, central } = encodeEntry(entry, offset);
    locals.push(local);
    directory.push(central);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(list.length & 0xffff, 8);
  end.writeUInt16LE(list.length & 0xffff, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

function encodeEntry(entry: ZipEntry, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(entry.name as string);
  const content = Buffer.from((entry.content ?? '') as string);
  const method = entry.method ?? 8;
  const data = method === 8 ? deflateRawSync(content) : content;
  const mode = entry.mode ?? (String(name).endsWith('/') ? 0o040755 : 0o100644);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(entry.flags ?? 0x800, 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt32LE(entry.declaredCrc ?? crc32(content), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(entry.declaredSize ?? content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, data]),
    central: Buffer.concat([
      Buffer.from('PK\x01\x02', 'latin1'),
      Buffer.from([20, entry.system ?? 3]),
      common,
      rest,
      name,
    ]),
  };
}
