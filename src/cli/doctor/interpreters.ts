// Which interpreter would serve each runtime, and how to get the ones that are missing.
import { execFile } from 'node:child_process';
import { findInterpreters } from '../../execution/index.ts';
import type { Check } from './check.ts';

const nodeMajors = [20, 22, 24];
const pythonMinors = [10, 11, 12, 13, 14];
const javaMajors = [17, 21, 25];

type Found = Awaited<ReturnType<ReturnType<typeof findInterpreters>['list']>>[number];
type Environment = Readonly<Record<string, string | undefined>>;

/** Starts some interpreters to ask for their version; fetches none. */
export async function examineInterpreters(dataDir: string, environment: Environment): Promise<Check[]> {
  const interpreters = findInterpreters({ dataDir, env: { ...environment } });
  const found = await interpreters.list();
  const nodes = found.filter(({ family }) => family === 'nodejs');
  const pythons = found.filter(({ family }) => family === 'python');
  const missing = pythonMinors.filter((minor) => !pythons.some(({ version }) => version[1] === minor));
  const commands = missing.length === 0 ? null : await pythonCommands(missing);
  return [
    ...nodeMajors.map((major) => node(major, nodes)),
    ...pythonMinors.map((minor) => python(minor, pythons, commands)),
    await boto3(interpreters.hasPythonSdk(), pythons),
    ...javaMajors.map((major) => java(major, found)),
    ruby(found),
    custom(nodes),
  ];
}

function node(major: number, nodes: Found[]): Check {
  const name = `nodejs${major}.x`;
  const exact = nodes.find(({ version }) => version[0] === major);
  if (exact) return { name, state: 'good', value: `Node.js ${exact.version.join('.')} (${exact.source})` };
  return { name, state: 'good', value: 'is fetched from npm when a function first needs it' };
}

function python(minor: number, pythons: Found[], commands: Map<number, string> | null): Check {
  const name = `python3.${minor}`;
  const exact = pythons.find(({ version }) => version[1] === minor);
  if (exact) return { name, state: 'good', value: `Python ${exact.version.join('.')} (${exact.source})` };
  const distance = ({ version }: Found) => Math.abs(version[1]! - minor);
  const near = [...pythons].sort((a, b) => distance(a) - distance(b) || b.version[1]! - a.version[1]!)[0];
  const value = near ? `Python ${near.version.join('.')} stands in` : 'missing';
  return {
    name,
    state: 'lacking',
    value,
    remedy: commands?.get(minor) ?? `install Python 3.${minor} with pyenv or uv`,
  };
}

/** Of AWS's runtimes for Python a part; whichever Python has pip fetches it for all. */
async function boto3(isThere: boolean, pythons: Found[]): Promise<Check> {
  const name = 'boto3';
  if (isThere) return { name, state: 'good', value: 'is there for Python functions' };
  const able = await Promise.all(pythons.map(({ executable }) => succeeds(executable, ['-m', 'pip', '--version'])));
  if (able.includes(true)) return { name, state: 'good', value: 'is fetched with pip when a function first needs it' };
  return {
    name,
    state: 'lacking',
    value: 'no Python here has pip to fetch it',
    remedy: 'apt-get install -y python3-pip',
  };
}

/** A newer Java runs what was compiled for an older one. */
function java(major: number, found: Found[]): Check {
  const name = `java${major}`;
  const able = found.filter(({ family, version }) => family === 'java' && version[0]! >= major);
  const [nearest] = able.sort((a, b) => a.version[0]! - b.version[0]!);
  if (nearest === undefined)
    return { name, state: 'lacking', value: 'missing', remedy: `install a JDK ${major} or newer` };
  const stands = nearest.version[0] === major ? `(${nearest.source})` : 'stands in';
  return { name, state: 'good', value: `Java ${nearest.version.join('.')} ${stands}` };
}

function ruby(found: Found[]): Check {
  const [newest] = found.filter(({ family }) => family === 'ruby');
  if (newest) return { name: 'ruby3.x', state: 'good', value: `Ruby ${newest.version.join('.')} (${newest.source})` };
  return { name: 'ruby3.x', state: 'lacking', value: 'missing', remedy: 'install Ruby, for example with rbenv' };
}

/** Custom runtimes are started by a Node that can replace itself, which Node has had since 22.15. */
function custom(nodes: Found[]): Check {
  const able = nodes.some(({ version: [major, minor] }) => major! > 22 || (major === 22 && minor! >= 15));
  if (able) return { name: 'provided.*', state: 'good', value: 'custom runtimes' };
  return { name: 'provided.*', state: nodes.length > 0 ? 'lacking' : 'bad', value: 'missing', remedy: 'npm ci' };
}

/** For each missing version a command that works here; versions that no tool of this machine has are left out. */
async function pythonCommands(minors: number[]): Promise<Map<number, string>> {
  const uv = succeeds('uv', ['--version']);
  const commands = await Promise.all(
    minors.map(async (minor): Promise<[number, string] | null> => {
      const packaged = isPackaged(`python3.${minor}`);
      const pyenv = succeeds('pyenv', ['latest', '--known', `3.${minor}`]);
      if (await packaged) return [minor, `apt-get install -y python3.${minor}`];
      if (await uv) return [minor, `uv python install 3.${minor}`];
      return (await pyenv) ? [minor, `pyenv install 3.${minor}`] : null;
    }),
  );
  return new Map(commands.filter((command) => command !== null));
}

/** Whether apt would install it; a package that others only mention has no candidate. */
async function isPackaged(name: string): Promise<boolean> {
  const output = await outputOf('apt-cache', ['policy', name]);
  return /Candidate: (?!\(none\))/.test(output ?? '');
}

async function succeeds(command: string, args: string[]): Promise<boolean> {
  return (await outputOf(command, args)) !== null;
}

/** In the language that programs read; null when the command is not there or fails. */
function outputOf(command: string, args: string[]): Promise<string | null> {
  const options = { timeout: 5000, maxBuffer: 10_000_000, env: { ...process.env, LC_ALL: 'C' } };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout) => resolve(error === null ? stdout : null));
  });
}
