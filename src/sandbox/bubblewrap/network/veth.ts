// Network `nat` as root: a pair of interfaces joins each sandbox with this machine, which masquerades what it forwards.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readText, tryWrite } from '../../cgroup/files.ts';
import { programEnvironment } from '../../find-program.ts';
import type { VethPlan } from './plan.ts';

/** Begins the names of all interfaces of all instances; four digits of the instance and the slot follow. */
const interfacePrefix = 'lbnt';
/** Slots with an address: a /16 has so many /30. */
export const vethSlots = 16_384;

function instanceDigits(instance: string): string {
  return createHash('sha256').update(instance).digest('hex').slice(0, 4);
}

export function interfaceOf(instance: string, slot: number): string {
  return `${interfacePrefix}${instanceDigits(instance)}-${slot}`;
}

/** The two usable addresses of a slot's /30. */
export function addressesOf(range: string, slot: number): { host: string; sandbox: string } {
  const [third, fourth] = [slot >> 6, (slot & 63) * 4];
  return { host: `${range}.${third}.${fourth + 1}`, sandbox: `${range}.${third}.${fourth + 2}` };
}

/**
 * Shell lines that connect the network namespace of the shell that runs them with the one of `hostPid`. Run as root.
 */
export function vethScript(instance: string, slot: number, { range }: VethPlan, hostPid: number): string[] {
  const name = interfaceOf(instance, slot);
  const { host, sandbox } = addressesOf(range, slot);
  const outside = [
    `link add ${name} type veth peer name eth0 netns %s`,
    `addr add ${host}/30 dev ${name}`,
    `link set ${name} up`,
  ];
  const inside = [
    'link set lo up',
    `addr add ${sandbox}/30 dev eth0`,
    'link set eth0 up',
    `route add default via ${host}`,
  ];
  const settings = ['ipv4', 'ipv6'].map((family) => `/proc/sys/net/${family}/conf/${name}`);
  const connect = `ip -batch - || exit; { echo 1 >${settings[0]}/forwarding; echo 1 >${settings[1]}/disable_ipv6; } 2>/dev/null; true`;
  return [
    `printf '${outside.join('\\n')}\\n' $$ | nsenter --net=/proc/${hostPid}/ns/net sh -c '${connect}'`,
    `printf '${inside.join('\\n')}\\n' | ip -batch -`,
  ];
}

const tableOf = (instance: string, run: string) => `lambent_${instance}_${run}`;
const uplinkSetting = (uplink: string) => `/proc/sys/net/ipv4/conf/${uplink}/forwarding`;
/** Chains of this name, without rules, remember in the table itself what to undo when it goes. */
const undoPrefix = 'undo_forwarding_of_';

const undoOf = (uplink: string) => `chain ${undoPrefix}${uplink} { }`;
const any = `"${interfacePrefix}*"`;
/** Forwarding was not this machine's business before: only sandboxes' packets, and what others have redirected. */
const guardOf = (uplink: string) => `iifname "${uplink}" oifname != ${any} ct state new ct status & dnat == 0 drop`;

/** What the kernel does with packets of sandboxes, as a file for nft(8). `opened`: uplinks that did not forward before. */
export function vethRules(instance: string, run: string, plan: VethPlan, opened: string[]): string {
  const ours = `"${interfacePrefix}${instanceDigits(instance)}-*"`;
  const dns = plan.ownNameservers.map(
    (address) => `iifname ${ours} ip daddr ${address} meta l4proto { tcp, udp } th dport 53 accept`,
  );
  return `table inet ${tableOf(instance, run)} {
  chain forward {
    type filter hook forward priority filter - 5; policy accept;
    iifname ${ours} oifname ${any} drop
    # Link-local addresses: where clouds serve the credentials of this machine.
    iifname ${ours} ip daddr 169.254.0.0/16 drop
    oifname ${ours} ct state != { established, related } drop
    ${opened.map(guardOf).join('\n    ')}
  }
  chain input {
    type filter hook input priority filter - 5; policy accept;
    ${dns.join('\n    ')}
    iifname ${ours} drop
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${plan.range}.0.0/16 oifname != ${any} masquerade
  }
  ${opened.map(undoOf).join('\n  ')}
}
`;
}

/** Makes this machine forward for the sandboxes of one run of the instance. Throws with nft's message when it cannot. */
export function setUpVeth(instance: string, run: string, plan: VethPlan): void {
  // Names that nft does not take as a chain's are left to be undone by their owner.
  const opened = plan.uplinks.filter((name) => /^\w+$/.test(name) && readText(uplinkSetting(name))?.trim() === '0');
  const input = vethRules(instance, run, plan, opened);
  execFileSync('nft', ['-f', '-'], { env: programEnvironment, input, stdio: ['pipe', 'ignore', 'pipe'] });
  for (const name of plan.uplinks) tryWrite(uplinkSetting(name), 1);
}

/**
 * Undoes `setUpVeth`: of one run, or of all runs of the instance. Does nothing where there is nothing to undo. A parent
 * undoes its own run only, since a successor may be at work already.
 */
export function tearDownVeth(instance: string, run = ''): void {
  const prefix = tableOf(instance, run);
  const tables = nft(['list', 'tables', 'inet']).match(/\blambent_\w+$/gm) ?? [];
  const heir = tables.find((name) => !name.startsWith(prefix));
  for (const name of tables.filter((each) => each.startsWith(prefix))) {
    const table = nft(['list', 'table', 'inet', name]);
    const opened = Array.from(table.matchAll(new RegExp(`chain ${undoPrefix}(\\w+)`, 'g')), ([, uplink]) => uplink!);
    // Another server may have come to need the forwarding meanwhile: it is for the last to undo.
    if (heir === undefined) for (const uplink of opened) tryWrite(uplinkSetting(uplink), 0);
    else if (opened.length > 0) nft(['-f', '-'], inheritance(heir, opened));
    nft(['delete', 'table', 'inet', name]);
  }
}

const inheritance = (table: string, opened: string[]) => `table inet ${table} {
  chain forward {
    ${opened.map(guardOf).join('\n    ')}
  }
  ${opened.map(undoOf).join('\n  ')}
}
`;

/** Its output; nothing when it fails, as where there is no nft or no such table. */
function nft(args: string[], input = ''): string {
  try {
    return execFileSync('nft', args, {
      env: programEnvironment,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

/** The kernel would remove a pair with its namespace, but in its own time. Shell line, run by the sandbox parent. */
export function vethRemoval(instance: string, slot: number): string {
  return `ip link delete ${interfaceOf(instance, slot)} 2>/dev/null`;
}
