// Event invoke configs: what is kept of one, how AWS shows it, and which destinations it may name.
import type { OperationsOf } from '../../contracts/index.ts';
import { parseArn } from '../../core/arn.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import { functionArn } from './function-name.ts';
import { latest } from './function-record.ts';
import type { FunctionKey, FunctionTransaction } from './store/index.ts';

export type EventInvokeConfig = OperationsOf<'lambda'>['GetFunctionEventInvokeConfig']['output'];
type Settings = Pick<
  OperationsOf<'lambda'>['PutFunctionEventInvokeConfig']['input'],
  'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | 'DestinationConfig'
>;
type Destinations = NonNullable<Settings['DestinationConfig']>;

export interface EventInvokeRecord {
  maximumRetryAttempts?: number;
  maximumEventAgeSeconds?: number;
  /** ARNs. */
  onSuccess?: string;
  onFailure?: string;
  /** Epoch milliseconds. */
  lastModified: number;
}

/** The qualifier of configs that the function as a whole has: AWS tells their ARN with it. */
export const latestQualifier = '$LATEST';

export function showEventInvokeConfig(
  key: FunctionKey,
  qualifier: string,
  record: EventInvokeRecord,
): EventInvokeConfig {
  const { maximumRetryAttempts, maximumEventAgeSeconds, onSuccess, onFailure } = record;
  return {
    LastModified: new Date(record.lastModified),
    FunctionArn: functionArn(key, qualifier),
    ...(maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: maximumRetryAttempts }),
    ...(maximumEventAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: maximumEventAgeSeconds }),
    DestinationConfig: {
      OnSuccess: onSuccess === undefined ? {} : { Destination: onSuccess },
      OnFailure: onFailure === undefined ? {} : { Destination: onFailure },
    },
  };
}

/** What a request sets. Throws InvalidParameterValueException when that is nothing. */
export function readSettings(input: Settings): Omit<EventInvokeRecord, 'lastModified'> {
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age, DestinationConfig: destinations } = input;
  if (retries === undefined && age === undefined && destinations === undefined) {
    throw invalidParameter('You must specify at least one of error handling or destination setting.');
  }
  return {
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
    ...(age === undefined ? {} : { maximumEventAgeSeconds: age }),
    ...(destinations?.OnSuccess?.Destination ? { onSuccess: destinations.OnSuccess.Destination } : {}),
    ...(destinations?.OnFailure?.Destination ? { onFailure: destinations.OnFailure.Destination } : {}),
  };
}

/** Throws InvalidParameterValueException for a destination that asynchronous invocations of `key` cannot have. */
export async function checkDestinations(
  transaction: FunctionTransaction,
  key: FunctionKey,
  destinations: Destinations | undefined,
): Promise<void> {
  const { OnSuccess, OnFailure } = destinations ?? {};
  const isKnown = isDestination(OnSuccess?.Destination, false) && isDestination(OnFailure?.Destination, true);
  if (!isKnown) {
    const shown = (name: string, given: { Destination?: string | undefined } | undefined) =>
      given === undefined ? 'null' : `${name}(destination=${given.Destination ?? 'null'})`;
    throw invalidParameter(
      `The provided destination config DestinationConfig(onSuccess=${shown('OnSuccess', OnSuccess)}, onFailure=${shown('OnFailure', OnFailure)}) is invalid.`,
    );
  }
  for (const given of [OnSuccess?.Destination, OnFailure?.Destination]) {
    if (given) await checkTarget(transaction, key, given);
  }
}

/** Services that take the record of an invocation; S3 takes it of failed ones only. */
const services = new Set(['lambda', 'sqs', 'sns', 'events']);

function isDestination(arn: string | undefined, isFailure: boolean): boolean {
  if (arn === undefined || arn === '') return true;
  const service = parseArn(arn)?.service;
  return service !== undefined && (services.has(service) || (isFailure && service === 's3'));
}

async function checkTarget(transaction: FunctionTransaction, key: FunctionKey, destination: string): Promise<void> {
  const { service, region, account, resource } = parseArn(destination)!;
  const invalid = () => invalidParameter(`The destination ARN ${destination} is invalid.`);
  // Queues and topics that keep an order take nothing from asynchronous invocations.
  if ((service === 'sqs' || service === 'sns') && resource.endsWith('.fifo')) throw invalid();
  // Functions of other accounts and regions cannot be looked up from here.
  if (service !== 'lambda' || account !== key.account || region !== key.region) return;
  const name = /^function:([a-zA-Z0-9-_]+)(:[$a-zA-Z0-9-_]+)?$/.exec(resource)?.[1];
  const found = name !== undefined && (await transaction.version({ account, region, name, number: latest }));
  if (!found) throw invalid();
  if (name === key.name) throw invalidParameter("You can't specify the function as a destination for itself.");
}

export const noEventInvokeConfig = (key: FunctionKey, qualifier: string) =>
  resourceNotFound(`The function ${functionArn(key, qualifier)} doesn't have an EventInvokeConfig`);

export const noFunctionToConfigure = () => resourceNotFound("The function doesn't exist.");
