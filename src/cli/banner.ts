// What `lambent start` says of itself: where it listens, where data lies, what is isolated, which runtimes there are.
import type { LambentServer } from '../main.ts';

const reach = {
  none: 'nothing but Lambent',
  nat: 'Lambent and the outside, not this machine',
  host: "everything that this machine reaches, this machine's own services included",
};

export function banner(version: string, server: LambentServer): string {
  const { enforcement: e } = server;
  const rows: [string, string][] = [
    ['data', server.dataDir],
    [
      'isolation',
      `${e.isolation}; memory by ${e.memory}, CPU by ${e.cpu}, processes by ${e.processes}, freezing by ${e.freezing}`,
    ],
    ['network', `functions reach ${reach[e.network]}`],
  ];
  return [
    `Lambent ${version}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    ...e.notices.map((notice) => `  NOTE       ${notice}`),
  ].join('\n');
}
