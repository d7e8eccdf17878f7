// Names and ARNs of layers and their versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../service.ts';
import { layerArn, layerVersionArn, parseLayerVersionArn, resolveLayerName } from './layer-name.ts';

const caller: Caller = {
  account: '123456789012',
  region: 'eu-west-1',
  accessKeyId: '123456789012',
  arn: 'arn:aws:iam::123456789012:root',
  userId: '123456789012',
};
const own = { account: '123456789012', region: 'eu-west-1', name: 'tools' };

test('a bare name is the caller’s, an ARN says whose it is', () => {
  assert.deepEqual(resolveLayerName('tools', caller), own);
  assert.deepEqual(resolveLayerName('arn:aws:lambda:eu-west-1:123456789012:layer:tools', caller), own);
  const theirs = resolveLayerName('arn:aws:lambda:eu-west-1:999988887777:layer:tools', caller);
  assert.deepEqual(theirs, { ...own, account: '999988887777' });
});

test('a layer of another region is not reachable', () => {
  assert.throws(() => resolveLayerName('arn:aws:lambda:us-east-1:123456789012:layer:tools', caller), {
    code: 'ResourceNotFoundException',
    message: "Layers from 'us-east-1' are not reachable in this region ('eu-west-1')",
  });
});

test('ARNs of versions come apart as they were put together, in every partition', () => {
  for (const region of ['eu-west-1', 'cn-north-1', 'us-gov-west-1']) {
    const key = { ...own, region };
    assert.deepEqual(parseLayerVersionArn(layerVersionArn(key, 12)), { ...key, number: 12 });
  }
  assert.equal(layerArn({ ...own, region: 'cn-north-1' }), 'arn:aws-cn:lambda:cn-north-1:123456789012:layer:tools');
});

test('what names no version of a layer here is none', () => {
  const others = ['tools', 'tools:1', layerArn(own), 'arn:aws:lambda:::awslayer:AmazonLinux1803'];
  for (const arn of others) assert.equal(parseLayerVersionArn(arn), undefined, arn);
});
