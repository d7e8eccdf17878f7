// `npm run operations-table`: writes into the READMEs of services which operations of AWS are built and which are refused.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { loadContract, type ServiceName, serviceNames } from '../src/contracts/index.ts';

const root = join(import.meta.dirname, '..');
const begin = '<!-- operations: written by `npm run operations-table` -->';
const end = '<!-- end of operations -->';

/** Services that have a folder. */
export const builtServices: readonly ServiceName[] = globSync('src/services/*/index.ts', { cwd: root })
  .map((file) => basename(dirname(file)))
  .filter((name): name is ServiceName => (serviceNames as readonly string[]).includes(name))
  .sort();

export function readmeOf(service: ServiceName): string {
  return join(root, 'src/services', service, 'README.md');
}

/**
 * Operations that the service has in its table, in the order of the table. They are read from the source, where the
 * compiler holds the literal's keys to the contract: to have the table itself, the service would have to be opened.
 */
export function operationsBuilt(service: ServiceName): string[] {
  const source = readFileSync(join(root, 'src/services', service, 'operations/index.ts'), 'utf8');
  const table = /^ {2}return \{\n((?: {4}.*\n)+) {2}\};$/m.exec(source)?.[1];
  if (table === undefined) throw new Error(`operations/index.ts of ${service} has no literal of operations`);
  return [...table.matchAll(/^ +([A-Z]\w+)\b/gm)].map((match) => match[1]!);
}

/** The table in Markdown: every operation of the contract by name, and what becomes of it. */
export function operationsTable(service: ServiceName): string {
  const built = new Set(operationsBuilt(service));
  const names = [...loadContract(service).operations.keys()].sort();
  const strangers = [...built].filter((name) => !names.includes(name));
  if (strangers.length > 0) throw new Error(`not in the contract of ${service}: ${strangers.join(', ')}`);
  const rows = names.map((name) => `| ${name} | ${built.has(name) ? 'built' : 'refused by name'} |`);
  return [`${built.size} of ${names.length} operations are built.`, '', '| operation | |', '|---|---|', ...rows].join(
    '\n',
  );
}

/** `readme` with the table between its markers; undefined when it has no markers. */
export function withTable(readme: string, table: string): string | undefined {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from === -1 || to < from) return undefined;
  return `${readme.slice(0, from)}${begin}\n${table}\n\n${readme.slice(to)}`;
}

if (import.meta.main) {
  for (const service of builtServices) {
    const readme = readFileSync(readmeOf(service), 'utf8');
    const changed = withTable(readme, operationsTable(service));
    if (changed !== undefined && changed !== readme) writeFileSync(readmeOf(service), changed);
  }
}
