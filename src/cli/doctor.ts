// `lambent doctor`: what this machine offers to functions, and how to get what is missing.
import { Command } from 'commander';
import type { Check } from './doctor/check.ts';
import { paint } from './format.ts';

interface DoctorFlags {
  dataDir?: string;
  port?: string;
  host?: string;
  json?: boolean;
}

const marks = { good: ['✓', 'green'], lacking: ['!', 'yellow'], bad: ['✗', 'red'] } as const;
const words = { good: 'ok  ', lacking: 'note', bad: 'FAIL' };

const examples = `
Nothing is changed on this machine. Exit codes: 0 when functions can run, 1 when they cannot at all.`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Say what this machine offers, and how to get what is missing')
    .option('--data-dir <folder>', 'data folder to look at (default: ./.lambent)')
    .option('--port <number>', 'port to look at (default: 4566)')
    .option('--host <address>', 'address to look at (default: 127.0.0.1)')
    .option('--json', 'print JSON for programs')
    .addHelpText('after', examples)
    .action(run);
}

async function run({ json, ...flags }: DoctorFlags): Promise<void> {
  const { readConfig } = await import('../config.ts');
  const { examineHost } = await import('../sandbox/index.ts');
  const { examineInterpreters } = await import('./doctor/interpreters.ts');
  const { examineDataFolder, examinePort } = await import('./doctor/place.ts');
  const { examineMachine, examineSandboxes } = await import('./doctor/machine.ts');
  // That an address is open to others is no matter for a look at it.
  const config = readConfig({ ...flags, insecure: true });
  const host = examineHost();
  const sections: [string, Check[]][] = [
    ['This machine', examineMachine(host)],
    ['Isolation', examineSandboxes(host)],
    ['Runtimes', await examineInterpreters(config.dataDir, config.hostEnvironment)],
    ['Place', [examineDataFolder(config.dataDir), await examinePort(config.host, config.port)]],
  ];
  const all = sections.flatMap(([, checks]) => checks);
  const canRun = !all.some(({ state }) => state === 'bad');
  if (json) {
    const checks = sections.flatMap(([section, list]) => list.map((check) => ({ section, ...check })));
    console.log(JSON.stringify({ canRun, checks, host }, null, 2));
  } else {
    for (const [section, checks] of sections)
      console.log([paint(section, 'bold'), ...checks.map((check, at) => line(check, checks[at - 1])), ''].join('\n'));
    console.log(verdict(canRun, host.bubblewrapObstacle === null));
  }
  if (!canRun) process.exitCode = 1;
}

function verdict(canRun: boolean, isolated: boolean): string {
  if (!canRun) return 'Functions cannot run here.';
  return isolated ? 'Functions can run here, isolated.' : 'Functions can run here, but they are NOT isolated.';
}

/** What would help several in a row is said once. */
function line({ state, name, value, remedy }: Check, before: Check | undefined): string {
  const [sign, colour] = marks[state];
  const mark = process.stdout.isTTY ? paint(sign, colour) : words[state];
  const advice = remedy === undefined || remedy === before?.remedy ? '' : `\n${' '.repeat(22)}${remedy}`;
  return `  ${mark} ${name.padEnd(14)} ${value}${advice}`;
}
