// Identifiers as arguments, so that tests can name what will be made.
import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';

export interface Ids {
  /** A version 4 UUID, as AWS uses for request and revision ids. */
  uuid(): string;
  /** `bytes` random bytes in lowercase hexadecimal. */
  hex(bytes: number): string;
  /** A random number from 0 to below 1. */
  chance(): number;
  /** `length` random characters from A–Z and 2–7, as in IAM's unique ids. */
  base32(length: number): string;
}

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Random bytes in stock: asking the system for a few at a time costs more than all else that an id needs. */
const stock = Buffer.alloc(4096);
let used = stock.length;

function randomHex(bytes: number): string {
  if (bytes > stock.length) return randomBytes(bytes).toString('hex');
  if (used + bytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += bytes;
  return stock.toString('hex', used - bytes, used);
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  hex: randomHex,
  chance: () => Math.random(),
  base32: (length) => Array.from(randomBytes(length), (byte) => base32Alphabet[byte & 31]).join(''),
};
