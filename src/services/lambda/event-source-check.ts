// Whether an event source is there: asked of the service that has it, where that service is built.
import { parseArn } from '../../core/arn.ts';
import { AwsError } from '../../core/errors.ts';
import type { CallContext } from '../service.ts';
import { invalidParameter } from './errors.ts';
import { isQueue, type SourceKind } from './event-source.ts';

/** Throws InvalidParameterValueException when the source is missing, or is too fast for the function. */
export async function checkSource(
  kind: SourceKind,
  sourceArn: string | undefined,
  timeoutSeconds: number,
  { call }: Pick<CallContext, 'call'>,
): Promise<void> {
  const arn = sourceArn === undefined ? undefined : parseArn(sourceArn);
  if (arn === undefined) return;
  if (isQueue(kind)) return checkQueue(arn.resource, arn.account, timeoutSeconds, call);
  if (kind === 'dynamodb') return checkTableStream(sourceArn!, arn.resource.split('/')[1]!, call);
  // Kinesis, Kafka, MQ and DocumentDB have no contract here: what they hold cannot be asked.
}

async function checkQueue(
  name: string,
  account: string,
  timeoutSeconds: number,
  call: CallContext['call'],
): Promise<void> {
  const found = await askUnlessUnbuilt(async () => {
    const { QueueUrl } = await call('sqs', 'GetQueueUrl', { QueueName: name, QueueOwnerAWSAccountId: account });
    return call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['VisibilityTimeout'] });
  });
  if (found === 'not built') return;
  if (found === 'not there') {
    throw invalidParameter(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    );
  }
  const visibility = Number(found.Attributes?.['VisibilityTimeout'] ?? 30);
  if (visibility < timeoutSeconds) {
    throw invalidParameter(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
}

async function checkTableStream(streamArn: string, table: string, call: CallContext['call']): Promise<void> {
  const found = await askUnlessUnbuilt(() => call('dynamodb', 'DescribeTable', { TableName: table }));
  if (found === 'not built') return;
  if (found === 'not there' || found.Table?.LatestStreamArn !== streamArn) {
    throw invalidParameter(`Stream not found: ${streamArn}`);
  }
}

const unbuilt = new Set(['UnknownServiceException', 'NotImplementedException']);

async function askUnlessUnbuilt<T>(ask: () => Promise<T>): Promise<T | 'not built' | 'not there'> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (unbuilt.has(error.code)) return 'not built';
    if (error.status < 500) return 'not there';
    throw error;
  }
}
