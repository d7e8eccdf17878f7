// Which name servers sandboxes are told.
import { readText } from '../../cgroup/files.ts';

const upstreamPath = '/run/systemd/resolve/resolv.conf';

function nameserversOf(text: string): string[] {
  return Array.from(text.matchAll(/^\s*nameserver\s+(\S+)/gm), ([, address]) => address!);
}

const isLoopback = (address: string) => address.startsWith('127.') || address === '::1';

/** `usable` is false when all name servers are on this machine's loopback, which sandboxes cannot reach. */
export interface ResolvConf {
  text: string;
  nameservers: string[];
  usable: boolean;
}

/** This machine's resolv.conf; where that names a local cache, the servers that systemd-resolved itself asks. */
export function resolvConf(read: (path: string) => string | null = readText): ResolvConf {
  for (const path of ['/etc/resolv.conf', upstreamPath]) {
    const text = read(path) ?? '';
    const nameservers = nameserversOf(text).filter((address) => !isLoopback(address));
    if (nameservers.length === 0) continue;
    const kept = text.split('\n').filter((line) => !/^\s*(#|;|$)/.test(line) && !nameserversOf(line).some(isLoopback));
    return { text: `${kept.join('\n')}\n`, nameservers, usable: true };
  }
  return { text: '', nameservers: [], usable: false };
}
