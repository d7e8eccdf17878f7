// IAM's unique ids and access key ids: a prefix for what they name, the account within them, the rest random.
import type { Ids } from '../../core/ids.ts';

/** What the first four letters stand for: role, user, group, managed policy, access key. */
export type IdPrefix = 'AROA' | 'AIDA' | 'AGPA' | 'ANPA' | 'AKIA';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A new id: 21 characters, 20 for access keys. After the prefix come a set bit and 40 bits of the account, which is how
 * GetAccessKeyInfo knows whose a key is without looking it up.
 */
export function uniqueId(prefix: IdPrefix, account: string, ids: Ids): string {
  const random = [...ids.base32(2)].reduce((bits, character) => (bits << 5n) | BigInt(alphabet.indexOf(character)), 0n);
  const bits = (1n << 49n) | (BigInt(account) << 9n) | (random & 0x1ffn);
  const owned = Array.from({ length: 10 }, (_, index) => alphabet[Number((bits >> BigInt(45 - 5 * index)) & 31n)]);
  return `${prefix}${owned.join('')}${ids.base32(prefix === 'AKIA' ? 6 : 7)}`;
}
