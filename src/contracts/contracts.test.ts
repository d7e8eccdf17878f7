// The generated contracts are whole: every name resolves, and what the models demand can be enforced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NormalizedSchema } from '@smithy/core/schema';
import { compilePattern, loadContract, serviceNames } from './index.ts';

test('every pattern of every contract compiles', () => {
  for (const service of serviceNames) {
    for (const [name, { pattern }] of loadContract(service).constraints) {
      if (pattern !== undefined) assert.doesNotThrow(() => compilePattern(pattern), `${service} ${name}`);
    }
  }
});

test('a pattern must match the whole value', () => {
  assert.equal(compilePattern('a|b').test('ab'), false);
  assert.equal(compilePattern('[a-z]+').test('abc'), true);
});

test('classes of letters and code points beyond the basic plane are understood', () => {
  const tag = compilePattern('([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)');
  assert.equal(tag.test('Ünïcode tag-1'), true);
  assert.equal(tag.test('no#hash'), false);
  assert.equal(compilePattern('[\\u0020-\\uD7FF\\u10000-\\u10FFFF]+').test('\u{1F600}'), true);
  assert.equal(compilePattern('[\\u0020-\\uD7FF\\uD800\\uDC00-\\uDBFF\\uDFFF]+').test('\u{1F600}'), true);
});

test('every constraint that a member names is there, and so is every member', () => {
  for (const service of serviceNames) {
    const contract = loadContract(service);
    for (const operation of contract.operations.values()) {
      const input = NormalizedSchema.of(operation.input);
      for (const member of contract.members.get(operation.input[2]) ?? []) {
        assert.ok(input.getMemberSchema(member.name), `${service} ${operation.name} ${member.name}`);
        if (member.constraint !== undefined) assert.ok(contract.constraints.has(member.constraint), member.constraint);
      }
    }
    for (const constraint of contract.constraints.values()) {
      for (const name of [constraint.member, constraint.key, constraint.value]) {
        if (name !== undefined) assert.ok(contract.constraints.has(name), name);
      }
    }
  }
});

test('errors are found by shape name and by the code of the query protocol', () => {
  const { errors } = loadContract('iam');
  assert.equal(errors.get('NoSuchEntityException')?.status, 404);
  assert.equal(errors.get('NoSuchEntity'), errors.get('NoSuchEntityException'));
});

test('a contract is parsed once', () => {
  assert.equal(loadContract('sts'), loadContract('sts'));
});
