// The README's table of operations is what the contract and the code say.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  builtServices,
  operationsBuilt,
  operationsTable,
  readmeOf,
  withTable,
} from '../../../scripts/operations-table.ts';
import { loadContract } from '../../contracts/index.ts';

for (const service of builtServices) {
  test(`the README of ${service} tells truly which operations are built`, () => {
    const readme = readFileSync(readmeOf(service), 'utf8');
    const expected = withTable(readme, operationsTable(service));
    if (service === 'lambda') assert.ok(expected, 'the README of lambda has no table of operations');
    if (expected === undefined) return;
    assert.ok(readme === expected, 'run `npm run operations-table`');
  });
}

test('the table names each operation of the contract once', () => {
  const rows = operationsTable('lambda').match(/^\| [A-Z]\w+ \|/gm) ?? [];
  assert.deepEqual(rows.map((row) => row.slice(2, -2)).sort(), [...loadContract('lambda').operations.keys()].sort());
  assert.ok(operationsBuilt('lambda').includes('Invoke'));
});
