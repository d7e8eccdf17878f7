// What other services say of an event source, and that those which are not built are not asked twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsError } from '../../core/errors.ts';
import type { ServiceCall } from '../service.ts';
import { checkSource } from './event-source-check.ts';

const queue = 'arn:aws:sqs:eu-west-1:123456789012:q';
const stream = 'arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026-01-31T12:00:00.000';

/** Answers by operation; an error is thrown. */
const answering = (answers: Record<string, object | undefined>) => {
  const call = async (_service: string, operation: string) => {
    const answer = answers[operation];
    if (answer === undefined) throw new AwsError('NotImplementedException', operation, { status: 501 });
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { call: call as unknown as ServiceCall };
};

const invalid = (message: string) => ({ code: 'InvalidParameterValueException', message });

test('a service that is not built lets every source pass', async () => {
  for (const answers of [{}, { GetQueueUrl: new AwsError('UnknownServiceException', '', { status: 501 }) }]) {
    await checkSource('sqs', queue, 900, answering(answers));
    await checkSource('dynamodb', stream, 900, answering(answers));
  }
  await checkSource('self-managed-kafka', undefined, 900, answering({}));
});

test('a queue has to be there, and to hide messages as long as the function may run', async () => {
  const missing = new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
  await assert.rejects(
    checkSource('sqs-fifo', queue, 3, answering({ GetQueueUrl: missing })),
    invalid(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    ),
  );
  const hiding = (seconds: string) =>
    answering({ GetQueueUrl: { QueueUrl: 'u' }, GetQueueAttributes: { Attributes: { VisibilityTimeout: seconds } } });
  await checkSource('sqs', queue, 60, hiding('60'));
  await assert.rejects(
    checkSource('sqs', queue, 61, hiding('60')),
    invalid('Queue visibility timeout: 60 seconds is less than Function timeout: 61 seconds'),
  );
});

test('a stream is one that its table has', async () => {
  await checkSource('dynamodb', stream, 3, answering({ DescribeTable: { Table: { LatestStreamArn: stream } } }));
  const missing = new AwsError('ResourceNotFoundException', 'Requested resource not found');
  for (const DescribeTable of [missing, { Table: {} }]) {
    await assert.rejects(
      checkSource('dynamodb', stream, 3, answering({ DescribeTable })),
      invalid(`Stream not found: ${stream}`),
    );
  }
});
