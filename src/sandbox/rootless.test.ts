// The suites once more as a user without any privilege, when they run as root.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findProgram, programEnvironment } from './find-program.ts';

const nobody = 65_534;
const suites = ['driver.test.ts', 'bubblewrap/escape.test.ts'].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
);

function asNobody(...command: string[]) {
  const args = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', ...command];
  return spawnSync('setpriv', args, { encoding: 'utf8', env: programEnvironment, cwd: '/', timeout: 60_000 });
}

function reasonToSkip(): string | false {
  if (process.getuid?.() !== 0) return 'the suites run without root already';
  if (!findProgram('setpriv')) return 'needs setpriv';
  // Bubblewrap itself failing is for the suites to skip; here it is only whether the files can be read.
  if (asNobody(process.execPath, '--check', suites[0]!).status !== 0)
    return 'this checkout cannot be read by other users';
  return false;
}

describe('without root', { skip: reasonToSkip(), timeout: 60_000 }, () => {
  it('keeps the same promises', () => {
    const { status, stdout } = asNobody(process.execPath, '--disable-warning=ExperimentalWarning', '--test', ...suites);
    assert.equal(status, 0, stdout);
  });
});
