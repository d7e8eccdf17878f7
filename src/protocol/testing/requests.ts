// For tests: a request in one line, and the error that a call ends in.
import assert from 'node:assert/strict';
import { loadContract, type ServiceName } from '../../contracts/index.ts';
import { AwsError } from '../../core/errors.ts';
import { protocolFor } from '../index.ts';
import type { OperationCall, RawRequest } from '../types.ts';

/** `target` is `METHOD /path?query`. */
export function rawRequest(
  target: string,
  headers: Record<string, string> = {},
  body: string | Buffer = '',
): RawRequest {
  const [method = '', url = ''] = target.split(' ');
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  return { method, path, query, headers, body: Buffer.from(body) };
}

export function decode(
  service: ServiceName,
  target: string,
  headers: Record<string, string> = {},
  body: string | Buffer = '',
): OperationCall {
  const contract = loadContract(service);
  const request = rawRequest(target, headers, body);
  return protocolFor(contract, request).decode(contract, request);
}

/** `Code: message` of the AwsError that `action` throws. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  assert.fail('expected an AwsError');
}
