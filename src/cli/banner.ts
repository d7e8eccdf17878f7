// What `lambent start` says of itself: where data lies, what is isolated, which interpreters there are.
import type { LambentServer } from '../main.ts';

type Interpreter = Awaited<ReturnType<LambentServer['interpreters']['list']>>[number];

const reach = {
  none: 'nothing but Lambent',
  nat: 'Lambent and the outside, not this machine',
  host: "everything that this machine reaches, this machine's own services included",
};

export function banner(version: string, server: LambentServer): string {
  const { enforcement: e } = server;
  return [
    `Lambent ${version}`,
    row('data', server.dataDir),
    row(
      'isolation',
      `${e.isolation}; memory by ${e.memory}, CPU by ${e.cpu}, processes by ${e.processes}, freezing by ${e.freezing}`,
    ),
    row('memory', `${server.memoryMib.toLocaleString('en')} MiB for all environments`),
    row('network', `functions reach ${reach[e.network]}`),
    ...e.notices.map((notice) => row('NOTE', notice)),
  ].join('\n');
}

/** e.g. `Node.js 24, 20; Python 3.13, 3.11; custom runtimes`. */
export function runtimesRow(found: Interpreter[]): string {
  const { nodes, pythons } = interpreterVersions(found);
  const parts = [
    nodes.length > 0 ? `Node.js ${nodes.join(', ')}` : 'no Node.js',
    pythons.length > 0 ? `Python ${pythons.join(', ')}` : 'no Python',
    ...(nodes.length > 0 ? ['custom runtimes'] : []),
  ];
  return row('runtimes', parts.join('; '));
}

/** The same facts for programs. */
export function bannerFacts(version: string, server: LambentServer, found: Interpreter[]): object {
  const { url, dataDir, enforcement, memoryMib } = server;
  return { version, url, dataDir, enforcement, memoryMib, interpreters: interpreterVersions(found) };
}

/** Versions as runtimes are named for them, newest first and each once. */
function interpreterVersions(found: Interpreter[]): { nodes: string[]; pythons: string[] } {
  const of = (family: string, digits: number) => [
    ...new Set(found.filter((one) => one.family === family).map(({ version }) => version.slice(0, digits).join('.'))),
  ];
  return { nodes: of('nodejs', 1), pythons: of('python', 2) };
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(10)} ${value}`;
}
