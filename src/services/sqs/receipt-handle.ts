// Receipt handles: which delivery of which message, told by the handle itself so that none is stored.
import { crc32 } from 'node:zlib';
import { receiptHandleIsInvalid } from './errors.ts';

export interface Receipt {
  /** Number of the set that the message belonged to. */
  messageSet: number;
  id: number;
  /** How often the message had been received, this time included. */
  receiveCount: number;
}

/** AWS's handles begin with these three bytes, `AQEB` in base64. */
const prefix = [1, 1, 1];
const length = 31;

export function formatReceiptHandle({ messageSet, id, receiveCount }: Receipt): string {
  const bytes = Buffer.alloc(length);
  bytes.set(prefix);
  bytes.writeDoubleBE(messageSet, 3);
  bytes.writeDoubleBE(id, 11);
  bytes.writeDoubleBE(receiveCount, 19);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 27)), 27);
  return bytes.toString('base64');
}

/** Throws ReceiptHandleIsInvalid for what never was a handle. */
export function parseReceiptHandle(handle: string): Receipt {
  const bytes = Buffer.from(handle, 'base64');
  if (bytes.length !== length || bytes.readUInt32BE(27) !== crc32(bytes.subarray(0, 27))) {
    throw receiptHandleIsInvalid(handle);
  }
  return { messageSet: bytes.readDoubleBE(3), id: bytes.readDoubleBE(11), receiveCount: bytes.readDoubleBE(19) };
}
