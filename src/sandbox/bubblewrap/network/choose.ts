// Decides which network sandboxes get: what was asked for where it can be had, else the safest there is.
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { findProgram, programEnvironment } from '../../find-program.ts';
import type { NetworkPlan } from './plan.ts';
import { resolvConf } from './resolv-conf.ts';

export type RequestedNetwork = 'none' | 'nat' | 'host' | 'auto';

export interface NetworkChoice {
  plan: NetworkPlan;
  notices: string[];
}

/** What stands against each way of having `nat`; null where nothing does. */
export interface NatObstacles {
  veth: string | null;
  pasta: string | null;
}

/**
 * Throws `Error` when `nat` was asked for and cannot be had. `auto` is `nat` where that can be had, else `none`: sharing
 * the host's network, its loopback included, is only ever a choice. `instance` selects addresses.
 */
export function chooseNetwork(requested: RequestedNetwork, instanceNumber: number): NetworkChoice {
  const resolver = resolvConf();
  const base = { resolvConf: resolver.text };
  if (requested === 'none') return { plan: { mode: 'none', ...base }, notices: [] };
  if (requested === 'host') {
    const notice =
      'Functions share the network of this machine and reach its loopback: --network nat would keep them from it.';
    return { plan: { mode: 'host', ...base }, notices: [notice] };
  }
  const notices = resolver.usable
    ? []
    : ['Functions cannot resolve names: all name servers in /etc/resolv.conf are on the loopback of this machine.'];
  const uplinks = defaultUplinks();
  const obstacles = natObstacles(uplinks);
  if (obstacles.veth === null) {
    const veth = {
      range: freeRange(instanceNumber),
      uplinks,
      ownNameservers: resolver.nameservers.filter(isOwnAddress),
    };
    return { plan: { mode: 'nat', by: 'veth', ...veth, ...base }, notices };
  }
  if (obstacles.pasta === null) return { plan: { mode: 'nat', by: 'pasta', ...base }, notices };
  const reason = `${obstacles.veth}; ${obstacles.pasta}`;
  if (requested === 'nat') throw new Error(`network "nat" cannot be had here: ${reason}`);
  return {
    plan: { mode: 'none', ...base },
    notices: [`Functions have no network but AWS as Lambent serves it: ${reason}.`],
  };
}

export function natObstacles(uplinks = defaultUplinks()): NatObstacles {
  if (uplinks.length === 0) return { veth: 'this machine has no default route', pasta: 'pasta needs one too' };
  return { veth: vethObstacle(), pasta: pastaObstacle() };
}

function vethObstacle(): string | null {
  if (process.getuid?.() !== 0) return 'interfaces can only be made by root';
  for (const program of ['ip', 'nft', 'nsenter', 'unshare']) {
    if (!findProgram(program))
      return `the program ${program} is missing (apt-get install -y iproute2 nftables util-linux)`;
  }
  try {
    const chain = 'type nat hook postrouting priority srcnat\nmasquerade';
    const check = `table inet lambent_check {\nchain postrouting {\n${chain}\n}\n}\n`;
    execFileSync('nft', ['-c', '-f', '-'], {
      env: programEnvironment,
      input: check,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    execFileSync('unshare', ['--net', 'true'], { env: programEnvironment, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    return `the kernel refuses rules or namespaces (${
      String((error as { stderr?: Buffer }).stderr ?? error)
        .trim()
        .split('\n')[0]
    })`;
  }
  // A packet that one table accepts is dropped all the same when another does not; Docker and ufw forbid forwarding so.
  return forwardPolicyDrops()
    ? 'the firewall of this machine drops what is forwarded (chain FORWARD has policy drop)'
    : null;
}

function forwardPolicyDrops(): boolean {
  try {
    const chain = execFileSync('nft', ['list', 'chain', 'ip', 'filter', 'FORWARD'], {
      env: programEnvironment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return chain.includes('policy drop');
  } catch {
    return false;
  }
}

function pastaObstacle(): string | null {
  if (!findProgram('pasta')) return 'the program pasta is missing (apt-get install -y passt)';
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return 'pasta may not open /dev/net/tun';
  }
}

interface Route {
  dst: string;
  dev?: string;
}

function routes(): Route[] {
  if (!findProgram('ip')) return [];
  try {
    return JSON.parse(
      execFileSync('ip', ['-4', '-j', 'route', 'show'], {
        env: programEnvironment,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  } catch {
    return [];
  }
}

function defaultUplinks(): string[] {
  return [...new Set(routes().flatMap(({ dst, dev }) => (dst === 'default' && dev !== undefined ? [dev] : [])))];
}

function isOwnAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some((own) => own.address === address));
}

/** A /16 of 10.64.0.0/10 that nothing on this machine routes, the instance's own where it is free. */
function freeRange(instanceNumber: number): string {
  const taken = routes().map(({ dst }) => dst);
  for (let tries = 0; tries < 64; tries++) {
    const range = `10.${64 + ((instanceNumber + tries) % 64)}`;
    if (!taken.some((dst) => dst.startsWith(`${range}.`) || dst === '10.0.0.0/8')) return range;
  }
  return `10.${64 + (instanceNumber % 64)}`;
}
