// Identifiers as arguments, so that tests can name what will be made.
import { randomBytes, randomUUID } from 'node:crypto';

export interface Ids {
  /** A version 4 UUID, as AWS uses for request and revision ids. */
  uuid(): string;
  /** `bytes` random bytes in lowercase hexadecimal. */
  hex(bytes: number): string;
  /** `length` random characters from A–Z and 2–7, as in IAM's unique ids. */
  base32(length: number): string;
}

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  base32: (length) => Array.from(randomBytes(length), (byte) => base32Alphabet[byte & 31]).join(''),
};
