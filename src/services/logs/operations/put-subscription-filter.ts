// PutSubscriptionFilter: delivers the events of a group that match a pattern to a Lambda function.
import { parseArn } from '../../../core/arn.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Caller } from '../../service.ts';
import { invalidParameter, limitExceeded, notSupported } from '../errors.ts';
import { parseFilterPattern } from '../filter-pattern/index.ts';
import { findGroup } from '../find-group.ts';
import { limits } from '../limits.ts';
import type { Logs, LogsOperation } from '../logs.ts';
import { controlPayload } from '../subscriptions.ts';

export function putSubscriptionFilter(logs: Logs): LogsOperation<'PutSubscriptionFilter'> {
  return async (input, { caller, clock }) => {
    for (const parameter of ['fieldSelectionCriteria', 'emitSystemFields'] as const) {
      if (input[parameter] !== undefined) throw notSupported(parameter);
    }
    if (input.applyOnTransformedLogs) throw notSupported('applyOnTransformedLogs');
    if (input.distribution === 'Random') throw notSupported('distribution Random');
    parseFilterPattern(input.filterPattern!);
    checkVendor(input.destinationArn!, input.roleArn, caller);
    const { store, sink, subscriptions } = logs;
    await sink.flush();
    const group = await findGroup(store, caller, input.logGroupName!);
    const functionName = functionNameOf(input.destinationArn!, caller);
    if (group.name === `/aws/lambda/${functionName}`) {
      throw invalidParameter('The log group provided is reserved for the function log of the destination function.');
    }
    await checkReachable(logs, caller, input.destinationArn!, clock.now());
    const put = await store.subscriptions.put(
      {
        groupId: group.id,
        name: input.filterName!,
        pattern: input.filterPattern!,
        destinationArn: input.destinationArn!,
        distribution: input.distribution ?? 'ByLogStream',
        creationTime: clock.now(),
      },
      limits.subscriptionFiltersPerGroup,
    );
    if (!put) throw limitExceeded('Resource limit exceeded.');
    await subscriptions.reload();
    return {};
  };
}

/** Before the group is looked for: destinations of other kinds than functions are refused in AWS's words. */
function checkVendor(text: string, role: string | undefined, caller: Caller): void {
  const arn = parseArn(text);
  const vendor = arn?.service;
  if (role === undefined && (vendor === 'kinesis' || vendor === 'firehose')) {
    throw invalidParameter(`destinationArn for vendor ${vendor} cannot be used without roleArn`);
  }
  switch (vendor) {
    case 'lambda':
      if (arn!.account !== caller.account) throw crossAccount();
      if (role !== undefined) throw invalidParameter('destinationArn for vendor lambda cannot be used with roleArn');
      return;
    case 'kinesis':
      throw invalidParameter(
        'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state.',
      );
    case 'firehose':
      throw invalidParameter(
        'Could not deliver test message to specified Firehose stream. Check if the given Firehose stream is in ACTIVE state.',
      );
    default:
      throw invalidParameter(
        `PutSubscriptionFilter operation cannot work with destinationArn for vendor ${vendor ?? text}`,
      );
  }
}

function functionNameOf(text: string, caller: Caller): string {
  const arn = parseArn(text)!;
  const functionName = /^function:([^:]+)(:[^:]+)?$/.exec(arn.resource)?.[1];
  if (functionName === undefined || arn.region !== caller.region) throw unreachable();
  return functionName;
}

/** Sends the control message; its failure is the caller's to know. */
async function checkReachable({ invoke }: Logs, caller: Caller, functionArn: string, now: number): Promise<void> {
  if (invoke === undefined) throw notSupported('destinationArn of a Lambda function');
  try {
    await invoke({ account: caller.account, region: caller.region, functionArn, payload: controlPayload(now) });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // Asynchronous invocation is not built: to be named, not to be mistaken for a missing permission.
    throw error.status === 501 ? notSupported('destinationArn of a Lambda function') : unreachable(error);
  }
}

function crossAccount(): AwsError {
  return new AwsError(
    'AccessDeniedException',
    'Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.',
  );
}

function unreachable(cause?: AwsError): AwsError {
  return new AwsError(
    'InvalidParameterException',
    'Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.',
    { cause },
  );
}
