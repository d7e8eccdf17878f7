// `npm test`: every test of the project by Node's own runner. Arguments narrow it to files, e.g. `npm test -- src/protocol`.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const files = globSync(['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'], {
  cwd: root,
})
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(' ')}`);
  process.exit(1);
}
const flags = ['--disable-warning=ExperimentalWarning', '--test', '--test-concurrency=2', '--test-timeout=300000'];
const reporter = process.env['CI'] === undefined ? [] : ['--test-reporter=spec', '--test-reporter-destination=stdout'];
const { status } = spawnSync(process.execPath, [...flags, ...reporter, ...files], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
