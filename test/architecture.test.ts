// The rules that keep the code readable: imports point down, enter folders by their door, and every operation is accounted for.
import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');

/** From the socket down to the machine; what is side by side here does not import each other. */
const layers: readonly (readonly string[])[] = [
  ['cli'],
  ['main.ts', 'config.ts', 'data-folder.ts'],
  ['gateway'],
  ['protocol'],
  ['services'],
  ['event-sources'],
  ['metering'],
  ['execution'],
  ['sandbox'],
  ['storage'],
  ['contracts'],
  ['core'],
];

/** What reaches up or past a door on purpose, and why. */
const exceptions: readonly { from: string; to: string; why: string }[] = [
  { from: 'protocol/', to: 'contracts/contract.ts', why: 'the shape of contracts is types alone' },
  { from: 'protocol/validate.ts', to: 'contracts/pattern.ts', why: 'AWS patterns are compiled where they are kept' },
];

interface Import {
  /** Relative to src, with forward slashes. */
  from: string;
  to: string;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8');
  const pattern = /(?:^|\n)\s*(?:import|export)\s(type\s)?[^'";]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    from: file,
    to: relative(source, resolve(source, dirname(file), match[2] ?? match[3]!))
      .split(sep)
      .join('/'),
    typeOnly: match[1] !== undefined,
  }));
}

const files = globSync('**/*.ts', { cwd: source })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => !file.endsWith('.test.ts') && !/\/testing\//.test(file));
const imports = files.flatMap(importsOf);

const layerOf = (file: string) => layers.findIndex((names) => names.includes(file.split('/')[0]!));
const isException = ({ from, to }: Import) => exceptions.some((each) => from.startsWith(each.from) && to === each.to);

test('every folder of src has its place among the layers', () => {
  const strays = readdirSync(source).filter((name) => !name.endsWith('.test.ts') && layerOf(name) === -1);
  assert.deepEqual(strays, []);
});

test('imports point down', () => {
  const upward = imports.filter(
    ({ from, to, typeOnly }) => !to.startsWith('..') && layerOf(to) < layerOf(from) && !typeOnly,
  );
  assert.deepEqual(upward, []);
});

test('a folder is entered by its index.ts', () => {
  const past = imports.filter((each) => {
    const [fromTop] = each.from.split('/');
    const [toTop, ...rest] = each.to.split('/');
    if (fromTop === toTop || rest.length === 0 || toTop === 'core' || isException(each)) return false;
    const door =
      toTop === 'services' ? /^services\/([^/]+\/index\.ts|service\.ts)$/ : new RegExp(`^${toTop}/index\\.ts$`);
    return !door.test(each.to);
  });
  assert.deepEqual(past, []);
});

test('services do not import each other', () => {
  const sideways = imports.filter(({ from, to }) => {
    const [, fromService] = /^services\/([^/]+)\//.exec(from) ?? [];
    const [, toService] = /^services\/([^/]+)\//.exec(to) ?? [];
    return fromService !== undefined && toService !== undefined && fromService !== toService;
  });
  assert.deepEqual(sideways, []);
});

test('the command line is a client: only starting the server and examining the machine reach behind the HTTP API', () => {
  const allowed = ['main.ts', 'config.ts', 'sandbox/index.ts', 'execution/index.ts'];
  const behind = imports.filter(
    ({ from, to, typeOnly }) =>
      from.startsWith('cli/') &&
      !to.startsWith('cli/') &&
      !to.startsWith('core/') &&
      !typeOnly &&
      !(allowed.includes(to) && /^cli\/(start|doctor|banner)/.test(from)),
  );
  assert.deepEqual(behind, []);
});

test('in the server only config.ts reads the environment of the process', () => {
  const readers = files.filter(
    (file) =>
      file !== 'config.ts' &&
      !file.startsWith('cli/') &&
      /\bprocess\.env\b/.test(readFileSync(join(source, file), 'utf8')),
  );
  assert.deepEqual(readers, []);
});

test('what runs inside a sandbox imports nothing of src', () => {
  const guilty = globSync('runtimes/**/*.{mjs,cjs,py}', { cwd: root }).filter((file) =>
    /\.\.\/src\/|from src\b/.test(readFileSync(join(root, file), 'utf8')),
  );
  assert.deepEqual(guilty, []);
});

test('only storage touches the database driver, and SQL stays in store files', () => {
  const drivers = files.filter(
    (file) => !file.startsWith('storage/') && /node:sqlite/.test(readFileSync(join(source, file), 'utf8')),
  );
  assert.deepEqual(drivers, []);
  const sql = /`[^`]*\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b[^`]*`|'(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b/;
  const strays = files.filter(
    (file) =>
      file.startsWith('services/') &&
      !/\/(store\.ts|store\/|migrations\.ts)/.test(file) &&
      sql.test(readFileSync(join(source, file), 'utf8')),
  );
  assert.deepEqual(strays, []);
});

test('every service folder has the one shape', () => {
  const services = readdirSync(join(source, 'services'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const { name } of services) {
    for (const file of ['README.md', 'index.ts', 'operations', 'errors.ts']) {
      assert.ok(existsSync(join(source, 'services', name, file)), `services/${name} has ${file}`);
    }
    const operations = readdirSync(join(source, 'services', name, 'operations'));
    assert.deepEqual(
      operations.filter((file) => !/^[a-z0-9-]+(\.test)?\.ts$/.test(file)),
      [],
    );
  }
});

test('every file says in its first line what it answers for', () => {
  const silent = files.filter((file) => {
    const first = readFileSync(join(source, file), 'utf8').split('\n', 1)[0]!;
    return !/^(\/\/ \S|\/\*\*? ?\S|#!)/.test(first);
  });
  assert.deepEqual(silent, []);
});

test('each operation of a service is a file named as AWS names the operation', () => {
  for (const service of readdirSync(join(source, 'services'))) {
    const index = join(source, 'services', service, 'index.ts');
    if (!existsSync(index)) continue;
    // A table that is loaded on the first call has a file of its own.
    const ofItsOwn = join(source, 'services', service, 'operations', 'index.ts');
    const file = existsSync(ofItsOwn) ? ofItsOwn : index;
    const table = [...readFileSync(file, 'utf8').matchAll(/^\s+([A-Z][A-Za-z0-9]+): [a-z]/gm)].map(
      (match) => match[1]!,
    );
    const operations = JSON.parse(readFileSync(join(source, 'contracts', `${service}.json`), 'utf8')).operations;
    const contract = new Set<string>(
      Array.isArray(operations) ? operations.map((each) => each.name) : Object.keys(operations),
    );
    assert.deepEqual(
      table.filter((name) => !contract.has(name)),
      [],
      `${service} builds only what its contract has`,
    );
    assert.ok(table.length > 0, `${service} builds something`);
  }
});
