// Function URLs: what is kept of one, how AWS shows it, and under which address it is reached here.
import { isIP } from 'node:net';
import type { OperationsOf } from '../../contracts/index.ts';
import { AwsError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { functionArn } from './function-name.ts';
import { type FunctionKey, wholeFunction } from './store/index.ts';

export type FunctionUrlConfig = OperationsOf<'lambda'>['GetFunctionUrlConfig']['output'];

export interface UrlConfigRecord {
  /** First label of the URL's host. */
  id: string;
  authType: FunctionUrlConfig['AuthType'];
  cors?: FunctionUrlConfig['Cors'];
  /** Absent until somebody chooses one: that is BUFFERED, which only reading tells. */
  invokeMode?: FunctionUrlConfig['InvokeMode'];
  /** Epoch milliseconds, as `lastModified`. */
  created: number;
  lastModified: number;
}

/** 32 characters of a–z and 2–7. */
export const newUrlId = (ids: Ids) => ids.base32(32).toLowerCase();

/** The modes are in the contract's enumeration, but AWS lists them in another order. */
const invokeModes = ['RESPONSE_STREAM', 'BUFFERED'];

export function checkInvokeMode(mode: string | undefined): void {
  if (mode === undefined || invokeModes.includes(mode)) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${mode}' at 'invokeMode' failed to satisfy constraint: Member must satisfy enum value set: [${invokeModes.join(', ')}]`,
  );
}

/** How reading shows a URL. */
export function showUrlConfig(
  key: FunctionKey,
  qualifier: string,
  record: UrlConfigRecord,
  endpoint: string,
): Required<Omit<FunctionUrlConfig, 'Cors'>> & Pick<FunctionUrlConfig, 'Cors'> {
  return {
    FunctionUrl: urlOf(record.id, key.region, endpoint),
    FunctionArn: functionArn(key, qualifier === wholeFunction ? undefined : qualifier),
    AuthType: record.authType,
    ...(record.cors === undefined ? {} : { Cors: record.cors }),
    CreationTime: formatTime(record.created),
    LastModifiedTime: formatTime(record.lastModified),
    InvokeMode: record.invokeMode ?? 'BUFFERED',
  };
}

/** How creating and updating show a URL: of the mode they tell what somebody chose. */
export function showChangedUrlConfig(
  ...[key, qualifier, record, endpoint]: Parameters<typeof showUrlConfig>
): Omit<ReturnType<typeof showUrlConfig>, 'InvokeMode'> & Pick<FunctionUrlConfig, 'InvokeMode'> {
  const { InvokeMode, ...shown } = showUrlConfig(key, qualifier, record, endpoint);
  return { ...shown, ...(record.invokeMode === undefined ? {} : { InvokeMode }) };
}

/** A CORS configuration to keep; an empty one is none. */
export function readCors(cors: FunctionUrlConfig['Cors']): Pick<UrlConfigRecord, 'cors'> {
  return cors === undefined || Object.keys(cors).length === 0 ? {} : { cors };
}

/**
 * AWS's `https://<id>.lambda-url.<region>.on.aws/` below the name by which the client reaches Lambent. Addresses have
 * no names below them: there it is `localhost`, below which every name leads to this machine.
 */
export function urlOf(id: string, region: string, endpoint: string): string {
  const { protocol, hostname, port } = new URL(endpoint);
  const base = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : 'localhost';
  return `${protocol}//${id}.lambda-url.${region}.${base}${port === '' ? '' : `:${port}`}/`;
}

/** `2026-01-31T12:00:00.000000Z`. */
function formatTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z');
}
