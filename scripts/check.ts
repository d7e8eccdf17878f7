// `npm run check`: types, lint and format, and the architecture's rules.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const steps: [string, string[]][] = [
  ['node_modules/.bin/tsc', ['--noEmit', '-p', '.']],
  ['node_modules/.bin/biome', ['check', '--error-on-warnings', '.']],
  [
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--test', '--test-reporter=dot', 'test/architecture.test.ts'],
  ],
];
for (const [command, flags] of steps) {
  const { status } = spawnSync(command, flags, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
