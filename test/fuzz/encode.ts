// Puts inputs on the wire as SDKs do, but without looking: values of the wrong types go through as they are.
import { NormalizedSchema } from '@smithy/core/schema';
import type { Contract, OperationContract } from '../../src/contracts/index.ts';

export interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

type Input = Record<string, unknown>;

export function encode(contract: Contract, operation: OperationContract, input: Input): FuzzRequest {
  const { signingName, protocols, targetPrefix, jsonVersion, apiVersion } = contract.metadata;
  const headers: Record<string, string> = {
    authorization: `AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/${signingName}/aws4_request, SignedHeaders=host, Signature=0`,
  };
  if (protocols.includes('smithy-rpc-v2-cbor')) {
    Object.assign(headers, { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' });
    const path = `/service/${targetPrefix ?? contract.service}/operation/${operation.name}`;
    return { method: 'POST', path, headers, body: Buffer.from([0xbf, 0xff]) };
  }
  if (protocols.includes('json')) {
    headers['x-amz-target'] = `${targetPrefix}.${operation.name}`;
    headers['content-type'] = `application/x-amz-json-${jsonVersion}`;
    return { method: 'POST', path: '/', headers, body: jsonOf(input) };
  }
  if (protocols.includes('query')) {
    const form = new URLSearchParams({ Action: operation.name, Version: apiVersion });
    for (const [name, value] of Object.entries(input)) flatten(form, name, value);
    headers['content-type'] = 'application/x-www-form-urlencoded';
    return { method: 'POST', path: '/', headers, body: Buffer.from(form.toString()) };
  }
  return encodeRest(operation, input, headers);
}

function encodeRest(operation: OperationContract, input: Input, headers: Record<string, string>): FuzzRequest {
  const { method, uri } = operation.http!;
  const schema = NormalizedSchema.of(operation.input);
  const members = new Map([...schema.structIterator()]);
  const body: Input = {};
  let [path = '', literal = ''] = uri.split('?');
  let payload: Buffer | undefined;
  const query = new URLSearchParams(literal);
  for (const [name, value] of Object.entries(input)) {
    const traits = members.get(name)?.getMergedTraits() ?? {};
    if (traits.httpLabel !== undefined) {
      const segment = encodeURIComponent(textOf(value).toWellFormed());
      path = path.replace(`{${name}}`, () => segment);
    } else if (traits.httpQuery !== undefined) {
      for (const each of Array.isArray(value) ? value : [value]) query.append(traits.httpQuery, textOf(each));
    } else if (traits.httpHeader !== undefined) headers[traits.httpHeader.toLowerCase()] = textOf(value);
    else if (traits.httpPayload !== undefined) payload = Buffer.isBuffer(value) ? value : jsonOf(value);
    else body[name] = value;
  }
  const hasBody = Object.keys(body).length > 0 || (method !== 'GET' && method !== 'DELETE');
  if (hasBody) headers['content-type'] = 'application/json';
  // What the input lacks is sent as the template has it.
  path = path.replaceAll(/[{}+]/g, '');
  const search = query.toString();
  return {
    method,
    path: search === '' ? path : `${path}?${search}`,
    headers,
    body: payload ?? (hasBody ? jsonOf(body) : Buffer.alloc(0)),
  };
}

function flatten(form: URLSearchParams, name: string, value: unknown): void {
  if (Array.isArray(value))
    for (const [index, each] of value.entries()) flatten(form, `${name}.member.${index + 1}`, each);
  else if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
    for (const [member, each] of Object.entries(value)) flatten(form, `${name}.${member}`, each);
  } else form.append(name, textOf(value));
}

function jsonOf(value: unknown): Buffer {
  const text = JSON.stringify(value, function replace(key, each) {
    // Buffers turn themselves into objects before a replacer sees them.
    const original = (this as Input)[key];
    return Buffer.isBuffer(original) ? original.toString('base64') : each;
  });
  return Buffer.from(text ?? 'null');
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  return typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value);
}
