// Ids that carry their account.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomIds } from '../../core/ids.ts';
import { uniqueId } from './unique-id.ts';

const fixed = { ...randomIds, base32: (length: number) => 'A'.repeat(length) };

test('access key ids have twenty characters, all other ids one more', () => {
  assert.match(uniqueId('AKIA', '123456789012', randomIds), /^AKIA[A-Z2-7]{16}$/);
  for (const prefix of ['AROA', 'AIDA', 'AGPA', 'ANPA'] as const) {
    assert.match(uniqueId(prefix, '123456789012', randomIds), new RegExp(`^${prefix}[A-Z2-7]{17}$`));
  }
});

test('the account lies where AWS has it', () => {
  assert.equal(uniqueId('AKIA', '000000000000', fixed), 'AKIAQAAAAAAAAAAAAAAA');
  // A key of AWS that is public knowledge begins like this: ASIAY34FZKBOKMUTVV7A is of account 609629065308.
  assert.equal(uniqueId('AKIA', '609629065308', fixed).slice(4, 12), 'Y34FZKBO');
});
