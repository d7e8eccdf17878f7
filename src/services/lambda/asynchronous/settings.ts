// How the asynchronous invocations of a function are dealt with, by the qualifier that they came by.
import { type EventInvokeRecord, latestQualifier } from '../event-invoke-configs.ts';
import type { Lambda } from '../lambda.ts';
import type { FoundVersion } from '../versions.ts';

export interface AsynchronousSettings {
  /** Default: 2. */
  retries?: number;
  /** Seconds; default: 21,600. */
  age?: number;
  /** ARNs. */
  onSuccess?: string;
  onFailure?: string;
  deadLetter?: string;
  /** Of the function: it reaches the destinations. */
  role: string;
}

export const defaultRetryAttempts = 2;
export const defaultEventAgeSeconds = 21_600;

/**
 * The config of the very qualifier counts, `$LATEST` where there was none: that of the function does not extend to its
 * versions and aliases. The dead-letter target is that of the version which runs.
 */
export async function asynchronousSettings(
  { store }: Pick<Lambda, 'store'>,
  { reference, version }: FoundVersion,
): Promise<AsynchronousSettings> {
  const kept = store.setting<EventInvokeRecord>(
    'event-invoke-config',
    reference,
    reference.qualifier ?? latestQualifier,
  );
  const config = kept instanceof Promise ? await kept : kept;
  const { deadLetterTarget, role } = version.configuration;
  return {
    ...(config?.maximumRetryAttempts === undefined ? {} : { retries: config.maximumRetryAttempts }),
    ...(config?.maximumEventAgeSeconds === undefined ? {} : { age: config.maximumEventAgeSeconds }),
    ...(config?.onSuccess === undefined ? {} : { onSuccess: config.onSuccess }),
    ...(config?.onFailure === undefined ? {} : { onFailure: config.onFailure }),
    ...(deadLetterTarget === undefined ? {} : { deadLetter: deadLetterTarget }),
    role,
  };
}
