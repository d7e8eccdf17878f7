// Brings a function's dependencies by the language's own installer, where they are not there yet.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { readPackageJson } from './guess-function.ts';

export interface Installed {
  /** A folder that goes into the package below the function's own files; null for none. */
  folder: string | null;
  /** Deletes what was made only for packing. */
  clean(): Promise<void>;
}

const nothing: Installed = { folder: null, clean: async () => {} };

/** `notify` gets a sentence before each step that takes a while. Throws Failure with what the installer said. */
export async function installDependencies(
  folder: string,
  runtime: string,
  notify: (sentence: string) => void,
): Promise<Installed> {
  if (runtime.startsWith('nodejs')) await installNode(folder, notify);
  if (runtime.startsWith('python')) return installPython(folder, runtime.slice('python'.length), notify);
  return nothing;
}

async function installNode(folder: string, notify: (sentence: string) => void): Promise<void> {
  const { dependencies = {} } = readPackageJson(folder);
  if (Object.keys(dependencies).length === 0 || existsSync(join(folder, 'node_modules'))) return;
  const step = existsSync(join(folder, 'package-lock.json')) ? 'ci' : 'install';
  notify(`Installing dependencies: npm ${step} --omit=dev`);
  await run('npm', [step, '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], folder);
}

async function installPython(folder: string, version: string, notify: (sentence: string) => void): Promise<Installed> {
  if (!existsSync(join(folder, 'requirements.txt'))) return nothing;
  const target = await mkdtemp(join(tmpdir(), 'lambent-python-'));
  const clean = () => rm(target, { recursive: true, force: true });
  notify('Installing dependencies: pip install -r requirements.txt');
  const flags = ['-m', 'pip', 'install', '-r', 'requirements.txt', '-t', target, '--no-compile', '--quiet'];
  flags.push('--disable-pip-version-check');
  try {
    // The function's own Python where this machine has it; another one can still fetch what is built ahead for it.
    if (await works(`python${version}`, ['-m', 'pip', '--version'])) await run(`python${version}`, flags, folder);
    else await run('python3', [...flags, '--python-version', version, '--only-binary=:all:'], folder);
  } catch (error) {
    await clean();
    throw error;
  }
  return { folder: target, clean };
}

function works(command: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

function run(command: string, args: string[], folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Nothing of the system is touched, so that pip need not warn of root. Older ones would refuse a flag for that.
    const env = { ...process.env, PIP_ROOT_USER_ACTION: 'ignore' };
    const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? 'it is not installed' : error.message;
      reject(
        new Failure(
          'InstallFailed',
          `${command} cannot be run: ${reason}. Install the dependencies yourself and say --no-install.`,
        ),
      );
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Failure('InstallFailed', `${command} could not install the dependencies:\n${output.trim()}`));
    });
  });
}
