// `{"cidr": "10.0.0.0/24"}`: an IP address within a block, version 4 or 6.
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { EventPatternError } from './error.ts';

/** Throws EventPatternError. */
export function readCidr(text: string): (address: string) => boolean {
  const parts = text.split('/');
  if (parts.length !== 2) throw new EventPatternError("Malformed CIDR, one '/' required");
  const [address, mask] = parts as [string, string];
  if (!/^[+-]?\d+$/.test(mask)) throw new EventPatternError('Malformed CIDR, mask bits must be an integer');
  const bits = Number(mask);
  if (bits < 0) throw new EventPatternError('Malformed CIDR, mask bits must not be negative');
  const type = isIPv4(address) ? 'ipv4' : isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined;
  if (type === undefined) throw new EventPatternError(`Nonstandard IP address: ${address}`);
  if (bits > (type === 'ipv4' ? 32 : 128)) {
    throw new EventPatternError(
      type === 'ipv4' ? 'IPv4 mask bits must be 32 or less' : 'IPv6 mask bits must be 128 or less',
    );
  }
  const block = new BlockList();
  block.addSubnet(address, bits, type);
  return (found) => (type === 'ipv4' ? isIPv4(found) : isIPv6(found)) && block.check(found, type);
}
