// Takes what is told of an event to where it is to go: queues, topics, functions, event buses and buckets.
import { parseArn } from '../../../core/arn.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Ids } from '../../../core/ids.ts';
import type { QueuedEvent } from '../../../execution/index.ts';
import type { Unattended } from '../../service.ts';
import type { Completion, Delivery, EventState } from './event-state.ts';
import { deadLetterAttributes, invocationRecord, invokedArn } from './invocation-record.ts';

export interface DeliveryParts {
  unattended: Unattended;
  ids: Ids;
  /** Base URL of this server, which queue URLs begin with. */
  endpoint(): string;
}

/** Rejects when it was not taken. */
export async function deliver(
  { kind, to }: Delivery,
  { requestId, payload }: QueuedEvent,
  state: EventState,
  completion: Completion,
  traceHeader: string,
  { unattended, ids, endpoint }: DeliveryParts,
): Promise<void> {
  const { service, region, account, resource } = parseArn(to)!;
  const call = unattended({
    account: state.account,
    region: region === '' ? state.region : region,
    arn: state.settings.role,
    headers: { 'x-amzn-trace-id': traceHeader },
  });
  const isDeadLetter = kind === 'dead-letter';
  const body = isDeadLetter ? payload.toString() : invocationRecord(requestId, payload, state, completion);
  const MessageAttributes = isDeadLetter ? deadLetterAttributes(requestId, state, completion) : undefined;
  switch (service) {
    case 'sqs':
      await call('sqs', 'SendMessage', {
        QueueUrl: `${endpoint()}/${account}/${resource}`,
        MessageBody: body,
        MessageAttributes,
      });
      return;
    case 'sns':
      await call('sns', 'Publish', { TopicArn: to, Message: body, MessageAttributes });
      return;
    case 'lambda':
      await call('lambda', 'Invoke', { FunctionName: to, InvocationType: 'Event', Payload: Buffer.from(body) });
      return;
    case 's3':
      await call('s3', 'PutObject', {
        Bucket: resource,
        Key: objectKey(state.name, completion.at, ids.uuid()),
        Body: Buffer.from(body) as never,
        ContentType: 'application/json',
      });
      return;
    default: {
      const kind = completion.condition === 'Success' ? 'Success' : 'Failure';
      await putEvent(call, {
        EventBusName: to,
        Source: 'lambda',
        DetailType: `Lambda Function Invocation Result - ${kind}`,
        Detail: body,
        Time: new Date(completion.at),
        Resources: [to, invokedArn(state)],
      });
    }
  }
}

/** Whether the same delivery may succeed later. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof AwsError)) return true;
  return error.status === 429 || (error.status >= 500 && error.status !== 501);
}

/** `aws/lambda/async/<function>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>`. */
export function objectKey(name: string, at: number, uuid: string): string {
  const [date, time] = new Date(at).toISOString().slice(0, 19).split('T') as [string, string];
  return `aws/lambda/async/${name}/${date.replaceAll('-', '/')}/${date}T${time.replaceAll(':', '.')}-${uuid}`;
}

/** EventBridge has no contract here as long as it is not built: the call is refused by name. */
async function putEvent(call: unknown, entry: object): Promise<void> {
  const callAny = call as (
    service: string,
    operation: string,
    input: object,
  ) => Promise<{ Entries?: { ErrorCode?: string; ErrorMessage?: string }[] }>;
  const { Entries } = await callAny('events', 'PutEvents', { Entries: [entry] });
  const refused = Entries?.[0];
  if (refused?.ErrorCode !== undefined) throw new AwsError(refused.ErrorCode, refused.ErrorMessage ?? '');
}
