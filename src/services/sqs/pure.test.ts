// What needs no store: URLs, handles, digests, names and attributes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeAttributes } from './attributes.ts';
import { attributesMd5, md5, requireValidText, selectAttributes } from './message-attributes.ts';
import { parseQueueUrl } from './queue-url.ts';
import { formatReceiptHandle, parseReceiptHandle } from './receipt-handle.ts';
import { sequenceNumber } from './sequence-number.ts';

test('a queue is found by every form of URL that clients send', () => {
  const here = { account: '123456789012', region: 'eu-west-1', name: 'q' };
  for (const url of [
    'http://127.0.0.1:4566/123456789012/q',
    '/123456789012/q',
    'http://localhost:4566/queue/eu-west-1/123456789012/q',
    'https://sqs.eu-west-1.amazonaws.com/123456789012/q',
    'http://sqs.eu-west-1.localhost:4566/123456789012/q/',
    'https://eu-west-1.queue.amazonaws.com/123456789012/q',
  ]) {
    assert.deepEqual(parseQueueUrl(url, url.includes('eu-west-1') ? 'us-east-1' : 'eu-west-1'), here, url);
  }
  for (const url of ['q', 'http://127.0.0.1:4566/q', 'http://127.0.0.1:4566/12/q', '']) {
    assert.throws(() => parseQueueUrl(url, 'eu-west-1'), { code: 'InvalidAddress' });
  }
});

test('a receipt handle tells its delivery, and what is none is refused', () => {
  const receipt = { messageSet: 7, id: 2 ** 52 + 1, receiveCount: 3 };
  const handle = formatReceiptHandle(receipt);
  assert.match(handle, /^AQEB/);
  assert.deepEqual(parseReceiptHandle(handle), receipt);
  for (const wrong of ['', 'garbage', handle.slice(4), handle.replace('A', 'B')]) {
    assert.throws(() => parseReceiptHandle(wrong), {
      code: 'ReceiptHandleIsInvalid',
      message: `The input receipt handle "${wrong}" is not a valid receipt handle.`,
    });
  }
});

test('digests are those that AWS was recorded with', () => {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const attributes = { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') };
  assert.equal(md5('msg'), '6e2baaf3b97dbeef01c0043275f9a0e7');
  assert.equal(attributesMd5(attributes), '4c360f3fdafd970e05fae2f149d997f5');
  assert.equal(attributesMd5(selectAttributes(attributes, ['Hel.*'])), '83fee93c1bcd8b9a5a923ffacdc636c7');
  assert.equal(attributesMd5(selectAttributes(attributes, ['Hello', 'absent'])), 'a311262e065454b75da111d535b8dacd');
  assert.equal(attributesMd5({ Foo: text('Bar') }), 'ae7155c6026991b6d54b11589678bf9c');
  const BinaryValue = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
  assert.equal(attributesMd5({ attr1: { DataType: 'Binary', BinaryValue } }), '8cbe4db156db8a94db8b801b7addb984');
});

test('text that XML cannot hold is refused', () => {
  for (const good of ['\t\n\r ~', '퟿￼', '\u{10000}😀']) requireValidText(good);
  for (const wrong of ['\0', '\x08', '\x1f', '￾', '\ud800']) {
    assert.throws(() => requireValidText(wrong), { code: 'InvalidMessageContents' });
  }
});

test('sequence numbers have twenty digits and grow', () => {
  assert.equal(sequenceNumber(0).length, 20);
  assert.equal(sequenceNumber(2 ** 50).length, 20);
  assert.ok(sequenceNumber(10) > sequenceNumber(9));
});

test('an attribute is refused outside of its range, and where the queue is of the other kind', () => {
  const refused = { code: 'InvalidAttributeValue', message: 'Invalid value for the parameter VisibilityTimeout.' };
  for (const value of ['-1', '43201', '1.5', 'x', '']) {
    assert.throws(() => changeAttributes({}, { VisibilityTimeout: value }, false), refused);
  }
  for (const value of ['0', '43200']) changeAttributes({}, { VisibilityTimeout: value }, false);
  for (const name of ['FifoQueue', 'ContentBasedDeduplication', 'Nonsense', 'QueueArn', 'All']) {
    assert.throws(() => changeAttributes({}, { [name]: 'true' }, false), {
      code: 'InvalidAttributeName',
      message: `Unknown Attribute ${name}.`,
    });
  }
  assert.throws(() => changeAttributes({}, { FifoQueue: 'false' }, true), {
    code: 'InvalidAttributeValue',
    message: 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
  });
});

test('a queue is encrypted in one way at a time', () => {
  const message =
    'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.';
  const refused = { code: 'InvalidAttributeName', message };
  assert.throws(() => changeAttributes({ KmsMasterKeyId: 'k' }, { SqsManagedSseEnabled: 'true' }, false), refused);
  assert.deepEqual(changeAttributes({ SqsManagedSseEnabled: 'false' }, { KmsMasterKeyId: 'k' }, false), {
    KmsMasterKeyId: 'k',
  });
  assert.deepEqual(changeAttributes({ KmsMasterKeyId: 'k' }, { KmsMasterKeyId: '' }, false), {});
});

test('a redrive policy is refused in the words of AWS', () => {
  const value = '{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}';
  assert.throws(() => changeAttributes({}, { RedrivePolicy: value }, false), {
    code: 'InvalidParameterValueException',
    message: `Value ${value} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn.`,
  });
  assert.throws(() => changeAttributes({}, { RedrivePolicy: '{}' }, false), {
    message:
      'Value {} for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount.',
  });
  assert.deepEqual(changeAttributes({ RedrivePolicy: 'x' }, { RedrivePolicy: '' }, false), {});
});
