// The networks that sandboxes can be given: what is decided, what is written, and what then can be reached.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { createLogger } from '../../../core/logger.ts';
import { BubblewrapDriver } from '../driver.ts';
import { readText } from '../../cgroup/files.ts';
import { detectCgroups } from '../../cgroup/detect.ts';
import { bubblewrapEnforcement } from '../../enforcement.ts';
import { programEnvironment } from '../../find-program.ts';
import { bubblewrapObstacle } from '../../isolation.ts';
import { testBuild } from '../../testing/build.ts';
import { TestRuntime } from '../../testing/runtime.ts';
import { tracesOf } from '../../testing/traces.ts';
import { chooseNetwork, natObstacles } from './choose.ts';
import type { NetworkPlan } from './plan.ts';
import { resolvConf } from './resolv-conf.ts';
import { addressesOf, interfaceOf, setUpVeth, tearDownVeth, vethRules, vethSlots } from './veth.ts';

describe('the name servers of sandboxes', () => {
  const files = (contents: Record<string, string>) => (path: string) => contents[path] ?? null;

  it('are those of this machine', () => {
    const text = '# comment\nnameserver 192.0.2.53\nsearch example.org\n';
    const found = resolvConf(files({ '/etc/resolv.conf': text }));
    assert.deepEqual(found, {
      text: 'nameserver 192.0.2.53\nsearch example.org\n',
      nameservers: ['192.0.2.53'],
      usable: true,
    });
  });

  it('are those that a local cache asks, since its loopback is not theirs', () => {
    const read = files({
      '/etc/resolv.conf': 'nameserver 127.0.0.53\noptions edns0\n',
      '/run/systemd/resolve/resolv.conf': 'nameserver 192.0.2.1\nnameserver 127.0.0.1\nnameserver 192.0.2.2\n',
    });
    assert.deepEqual(resolvConf(read).text, 'nameserver 192.0.2.1\nnameserver 192.0.2.2\n');
  });

  it('are none where all are on the loopback', () => {
    assert.deepEqual(resolvConf(files({ '/etc/resolv.conf': 'nameserver ::1\n' })), {
      text: '',
      nameservers: [],
      usable: false,
    });
    assert.equal(resolvConf(files({})).usable, false);
  });
});

describe('interfaces and addresses', () => {
  it('are of legal length, and each of one slot', () => {
    for (const slot of [0, 1, vethSlots - 1]) assert(interfaceOf('a'.repeat(32), slot).length <= 15);
    assert.deepEqual(addressesOf('10.64', 0), { host: '10.64.0.1', sandbox: '10.64.0.2' });
    assert.deepEqual(addressesOf('10.64', 64), { host: '10.64.1.1', sandbox: '10.64.1.2' });
    assert.deepEqual(addressesOf('10.64', vethSlots - 1), { host: '10.64.255.253', sandbox: '10.64.255.254' });
    const all = new Set(Array.from({ length: vethSlots }, (_, slot) => addressesOf('10.64', slot).sandbox));
    assert.equal(all.size, vethSlots);
  });

  it('are guarded by rules that nft understands', { skip: natObstacles().veth ?? false }, () => {
    const plan = { range: '10.64', uplinks: ['eth0', 'wlan0'], ownNameservers: ['192.0.2.1'] };
    const input = vethRules('check', 'AbCdEf', plan, ['eth0']);
    execFileSync('nft', ['-c', '-f', '-'], { env: programEnvironment, input, stdio: ['pipe', 'ignore', 'inherit'] });
    assert.match(input, /chain undo_forwarding_of_eth0/);
    assert.doesNotMatch(input, /wlan0/);
  });
});

describe('forwarding', { skip: natObstacles().veth ?? false }, () => {
  it('goes on until the last server that needs it has ended, and is then as it was', () => {
    const { uplinks } = chooseNetwork('nat', 0).plan as { uplinks: string[] };
    const plan = { range: '10.127', uplinks, ownNameservers: [] };
    const forwarding = () => uplinks.map((name) => readText(`/proc/sys/net/ipv4/conf/${name}/forwarding`)?.trim());
    const before = forwarding();
    const [first, second] = [`netfirst${process.pid}`, `netsecond${process.pid}`];
    setUpVeth(first, 'a', plan);
    setUpVeth(second, 'b', plan);
    tearDownVeth(first);
    assert.deepEqual(
      forwarding(),
      uplinks.map(() => '1'),
    );
    tearDownVeth(second, 'another run');
    assert.deepEqual(
      forwarding(),
      uplinks.map(() => '1'),
    );
    tearDownVeth(second, 'b');
    assert.deepEqual(forwarding(), before);
    for (const instance of [first, second]) assert.deepEqual(tracesOf(instance), []);
  });
});

const skip = bubblewrapObstacle() ?? false;
const instance = `nettest${process.pid}`;

/** What a sandbox with this network reaches: names of what answered. */
async function reach(network: NetworkPlan): Promise<{ reached: string[]; addresses: string[]; apiPort: number }> {
  const hostServer = createServer((socket) => socket.end('hello')).listen(0, '0.0.0.0');
  await once(hostServer, 'listening');
  const { port } = hostServer.address() as { port: number };
  const cgroups = detectCgroups(instance);
  const enforcement = bubblewrapEnforcement(cgroups, network.mode, []);
  const driver = await BubblewrapDriver.start({
    instance,
    network,
    enforcement,
    cgroups,
    logger: createLogger('silent'),
  });
  try {
    const sandbox = await driver.boot({ id: 'net', build: testBuild });
    await sandbox.assign({ taskDir: testBuild.runtimeDir, optDir: null, memoryMib: 256, ephemeralStorageMib: 512 });
    const runtime = new TestRuntime(sandbox);
    await runtime.become();
    sandbox.runtimeApi.on('connection', (socket) => socket.end('hello'));
    const apiPort = Number(sandbox.runtimeApiAddress.split(':')[1]);
    const own = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal);
    const targets = [
      ['api', '127.0.0.1', apiPort],
      ['loopback', '127.0.0.1', port],
      ['host', own?.address ?? '127.0.0.1', port],
    ];
    const nameserver = resolvConf().nameservers[0];
    if (nameserver !== undefined) targets.push(['nameserver', nameserver, 53]);
    const found = await runtime.evaluate(`
      const net = require('net');
      const connect = ([name, host, port]) => new Promise((resolve) => {
        const socket = net.connect(port, host);
        socket.setTimeout(700, () => { socket.destroy(); resolve([]); });
        socket.on(name === 'nameserver' ? 'connect' : 'data', () => { socket.destroy(); resolve([name]); });
        socket.on('error', () => resolve([]));
      });
      const reached = (await Promise.all(${JSON.stringify(targets)}.map(connect))).flat();
      const addresses = Object.values(require('os').networkInterfaces()).flat().map(({ address }) => address);
      return { reached, addresses };`);
    return { ...found, apiPort };
  } finally {
    await driver.close();
    hostServer.close();
    assert.deepEqual(tracesOf(instance), []);
  }
}

describe('a sandbox', { skip, timeout: 30_000 }, () => {
  it('without a network reaches its Runtime API and nothing else', async () => {
    const { reached, addresses, apiPort } = await reach(chooseNetwork('none', 0).plan);
    assert.deepEqual(reached, ['api']);
    assert.deepEqual(addresses, ['127.0.0.1', '::1']);
    assert.equal(apiPort, 9001);
  });

  it('on the network of the host reaches what that reaches, and has ports of its own', async () => {
    const { plan, notices } = chooseNetwork('host', 0);
    const { reached, apiPort } = await reach(plan);
    assert.deepEqual(
      reached.filter((name) => name !== 'nameserver'),
      ['api', 'loopback', 'host'],
    );
    assert.notEqual(apiPort, 9001);
    assert.match(notices[0]!, /share the network/);
  });

  // Whether this machine itself gets an answer from its name server decides whether a sandbox must.
  const outward = (reached: string[]) => reached.filter((name) => name !== 'nameserver');

  it('behind interfaces of its own reaches outward, but not this machine', {
    skip: natObstacles().veth ?? false,
  }, async () => {
    const { plan } = chooseNetwork('nat', 0);
    assert(plan.mode === 'nat' && plan.by === 'veth');
    const forwarding = plan.uplinks.map((name) => readText(`/proc/sys/net/ipv4/conf/${name}/forwarding`));
    const { reached, addresses } = await reach(plan);
    assert.deepEqual(outward(reached), ['api']);
    assert(addresses.includes(addressesOf(plan.range, 0).sandbox));
    const after = plan.uplinks.map((name) => readText(`/proc/sys/net/ipv4/conf/${name}/forwarding`));
    assert.deepEqual(after, forwarding, 'forwarding is as it was');
    assert.equal(readText(`/proc/sys/net/ipv4/conf/${interfaceOf(instance, 0)}/forwarding`), null);
  });

  it('behind pasta reaches outward, but not this machine', { skip: natObstacles().pasta ?? false }, async () => {
    const { reached } = await reach({ mode: 'nat', by: 'pasta', resolvConf: resolvConf().text });
    assert.deepEqual(outward(reached), ['api']);
  });
});
