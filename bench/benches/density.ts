// density: memory of idle environments beyond the bare interpreter's, and of the idle server.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BareInterpreter, bareNode } from '../bare-interpreter.ts';
import { type Bench, type BenchContext, peerName } from '../bench.ts';
import { HttpConnection } from '../load/http-connection.ts';
import { childrenOf, commandLine, type Memory, memoryOf, processTree } from '../processes.ts';
import { ratio, rounded } from '../statistics.ts';
import { echo, memoryMib } from '../targets/lambent.ts';

const environments = 20;
const functions = 1000;
const creationsAtOnce = 4;
/** Environments are frozen and garbage is collected by then. */
const settleMs = 3000;
const holding = 'export const handler = (event) => new Promise((resolve) => setTimeout(resolve, 3000, event));\n';

export const density: Bench = {
  name: 'density',
  about: 'memory of an idle environment beyond a bare interpreter, and of the idle server',
  async run(context) {
    await environmentMemory(context);
    await serverMemory(context);
  },
};

async function environmentMemory(context: BenchContext): Promise<void> {
  context.say(`density: ${environments} idle environments`);
  const bare = await bareMemory(await bareNode());
  const lambent = await context.lambent(['--prebooted', '0']);
  await lambent.create({ name: 'idle', runtime: 'nodejs24.x', source: holding });
  const request = await lambent.request('idle', Buffer.from('{}'));
  const connections = await Promise.all(Array.from({ length: environments }, () => HttpConnection.open(lambent.port)));
  await Promise.all(connections.map((connection) => connection.exchange(request)));
  for (const connection of connections) connection.close();
  await sleep(settleMs);

  const sandboxes = sandboxesOf(lambent.pid);
  // One more may have been started for an invocation that another environment served in the end.
  if (sandboxes.length < environments) throw new Error(`${sandboxes.length} sandboxes, not ${environments}`);
  const own = sum(sandboxes.map(memoryOf), sandboxes.length);
  await lambent.stop();
  context.emit({
    name: 'density-environment',
    unit: 'MiB beyond the bare interpreter',
    lambent: rounded(own.pssMib - bare.pssMib),
    limit: 0,
    ratio_to_limit: null,
    peers: { [peerName]: null },
    why: 'its functions are threads of the server',
    goal: 'lambent < 5',
    private_beyond: rounded(own.privateMib - bare.privateMib),
    pss: rounded(own.pssMib),
    private: rounded(own.privateMib),
    bare_pss: rounded(bare.pssMib),
    bare_private: rounded(bare.privateMib),
    environments,
    memory_mib: memoryMib,
  });
}

async function serverMemory(context: BenchContext): Promise<void> {
  const lambent = await context.lambent();
  await sleep(settleMs);
  const idle = memoryOf([lambent.pid]);
  const parent = sandboxParent(lambent.pid);
  const parentMemory = parent === undefined ? undefined : memoryOf([parent]);
  context.say(`density: ${functions} stored functions`);
  for (let index = 0; index < functions; index += creationsAtOnce) {
    const names = Array.from({ length: creationsAtOnce }, (_, offset) => `stored-${index + offset}`);
    await Promise.all(names.map((name) => lambent.create({ name, runtime: 'nodejs24.x', source: echo.node })));
  }
  await sleep(settleMs);
  const full = memoryOf([lambent.pid]);
  await lambent.stop();
  context.emit({
    name: 'density-server',
    unit: 'MiB resident, idle',
    lambent: rounded(idle.rssMib),
    limit: null,
    ratio_to_limit: null,
    peers: await peerMemory(context),
    goal: 'lambent < 120',
    [`with_${functions}_functions`]: rounded(full.rssMib),
    with_functions_ratio: ratio(full.rssMib, idle.rssMib),
    ...(parentMemory === undefined ? {} : { sandbox_parent: rounded(parentMemory.rssMib) }),
  });
}

async function peerMemory(context: BenchContext): Promise<Record<string, number | null>> {
  const peer = await context.peer();
  return { [peerName]: 'why' in peer ? null : rounded(memoryOf(processTree(peer.pid)).rssMib) };
}

/** The process that starts every sandbox; undefined when sandboxes are not made by bubblewrap here. */
function sandboxParent(serverPid: number): number | undefined {
  const isParent = (word: string) => word.endsWith('/bubblewrap/parent.ts');
  return childrenOf(serverPid).find((pid) => commandLine(pid).some(isParent));
}

/** The processes of each sandbox. */
function sandboxesOf(serverPid: number): number[][] {
  const parent = sandboxParent(serverPid);
  if (parent === undefined) throw new Error('sandboxes are not made by bubblewrap here, and so not measured');
  return childrenOf(parent).map(processTree);
}

async function bareMemory({ idleCommand: [file, ...args] }: BareInterpreter): Promise<Memory> {
  const children: ChildProcess[] = Array.from({ length: environments }, () => spawn(file, args, { stdio: 'ignore' }));
  await sleep(settleMs);
  const memory = sum(
    children.map((child) => memoryOf([child.pid!])),
    environments,
  );
  for (const child of children) child.kill('SIGKILL');
  return memory;
}

function sum(memories: Memory[], divisor: number): Memory {
  const total = (field: keyof Memory) => memories.reduce((all, memory) => all + memory[field], 0) / divisor;
  return { pssMib: total('pssMib'), privateMib: total('privateMib'), rssMib: total('rssMib') };
}
