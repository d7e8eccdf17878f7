// Finds syntax errors before code replaces what runs, so that a slip of the keyboard does not break a function.
import { spawn } from 'node:child_process';
import type { BuildFailure } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { describeMessage } from './bundle-typescript.ts';

const checkPython = `
import sys
# An older Python does not know all that is right.
if sys.version_info < tuple(map(int, sys.argv[1].split('.'))): sys.exit(0)
for name in sys.argv[2:]:
    try:
        compile(open(name, 'rb').read(), name, 'exec')
    except SyntaxError as error:
        sys.exit('%s:%s:%s: %s' % (name, error.lineno, error.offset, error.msg))
`;

/** Throws Failure with file, line and column of the first error. `paths` are relative to `folder`; others are not read. */
export async function checkSyntax(folder: string, paths: string[], runtime: string): Promise<void> {
  const own = paths.filter((path) => !/(^|\/)node_modules\//.test(path) && existsSync(join(folder, path)));
  await checkScripts(
    folder,
    own.filter((path) => /\.[cm]?js$/.test(path)),
  );
  await checkPythons(
    folder,
    own.filter((path) => path.endsWith('.py')),
    /^python(\d+\.\d+)/.exec(runtime)?.[1] ?? '3.0',
  );
}

async function checkScripts(folder: string, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  const { transform } = await import('esbuild');
  for (const path of paths) {
    try {
      await transform(readFileSync(join(folder, path)), { loader: 'js', sourcefile: path, logLevel: 'silent' });
    } catch (error) {
      const { errors } = error as Partial<BuildFailure>;
      if (errors === undefined) throw error;
      throw new Failure('SourceError', errors.map(describeMessage).join('\n'), { cause: error });
    }
  }
}

/** By the function's own Python where this machine has it, else by one that is not older; else nothing is checked. */
async function checkPythons(folder: string, paths: string[], version: string): Promise<void> {
  if (paths.length === 0) return;
  for (const python of [`python${version}`, 'python3']) {
    const { code, said } = await run(python, ['-I', '-c', checkPython, version, ...paths], folder);
    if (code === 1 && said !== '') throw new Failure('SourceError', said);
    if (code === 0) return;
  }
}

function run(command: string, args: string[], cwd: string): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('error', () => resolve({ code: null, said }));
    child.on('close', (code) => resolve({ code, said: said.trim() }));
  });
}
