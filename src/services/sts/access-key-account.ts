// The account that an access key id of AWS's newer form carries within itself.

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Decodes the account from bits 1–40 of what follows the four-letter prefix; a twelve-digit key is its own account.
 * undefined when the id is too short or not base32.
 */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (/^\d{12}$/.test(accessKeyId)) return accessKeyId;
  let bits = 0n;
  for (const character of accessKeyId.slice(4, 14)) {
    const value = base32.indexOf(character);
    if (value === -1) return undefined;
    bits = (bits << 5n) | BigInt(value);
  }
  if (accessKeyId.length < 14) return undefined;
  // Ten characters hold 50 bits: one flag bit, 40 of the account, and nine of the key's own.
  return ((bits >> 9n) & 0xff_ffff_ffffn).toString().padStart(12, '0');
}
