// The awsQuery protocol: a form in, XML out.
import type { $SchemaRef, StaticStructureSchema } from '@smithy/types';
import type { Contract, OperationContract } from '../contracts/contract.ts';
import { AwsError } from '../core/errors.ts';
import { compiledOnce } from './compiled-once.ts';
import { errorShape } from './error-shape.ts';
import { unknownOperation } from './errors.ts';
import { readForm } from './form.ts';
import { unzipped } from './plain-body.ts';
import { factsOf } from './service-facts.ts';
import type { Protocol, RawRequest, RequestHead } from './types.ts';
import { escapeXml, writeXml } from './xml-writer.ts';

const contentType = 'text/xml';

export const query: Protocol = {
  name: 'query',

  route(contract, request) {
    const action = actionOf(request.query);
    return action !== undefined && contract.operations.has(action) ? action : undefined;
  },

  decode(contract, request) {
    const form = new URLSearchParams(formOf(request));
    const action = form.get('Action');
    if (action === null) throw noAction(contract, request);
    const operation = contract.operations.get(action);
    if (!operation || isMisplaced(contract, action, request)) {
      throw invalidAction(contract, action, form.get('Version') ?? contract.metadata.apiVersion);
    }
    return { operation: action, input: withUrl(contract, operation, request, readForm(operation.input, form)) };
  },

  encodeOutput(contract, operation, output, requestId) {
    const target = contract.operations.get(operation)!;
    const schema = responseSchema(contract, target);
    const value = {
      [`${operation}Result`]: target.noOutput ? undefined : output,
      ResponseMetadata: { RequestId: requestId },
    };
    return {
      status: 200,
      headers: { 'Content-Type': contentType, 'x-amzn-RequestId': requestId },
      body: writeXml(schema, value, undefined),
    };
  },

  encodeError(contract, _operation, error, requestId) {
    const shape = errorShape(contract, error);
    if (shape.code === 'UnknownOperationException') {
      const headers = { 'Content-Type': contentType, 'x-amzn-RequestId': requestId };
      return { status: shape.status, headers, body: '<UnknownOperationException/>' };
    }
    const members = Object.entries(shape.value)
      .filter(([name]) => name.toLowerCase() !== 'message' && name !== 'Type')
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
      .join('');
    const type = shape.fault === 'client' ? 'Sender' : 'Receiver';
    const { queryMessages, queryDetail } = factsOf(contract.service);
    const message = queryMessages?.[shape.code] ?? error.message;
    const text = message === '' ? '' : `<Message>${escapeXml(message)}</Message>`;
    const detail = `<Type>${type}</Type><Code>${escapeXml(shape.queryCode)}</Code>${text}${members}${queryDetail ? '<Detail/>' : ''}`;
    return {
      status: shape.status,
      headers: { 'Content-Type': contentType, 'x-amzn-RequestId': requestId, ...shape.headers },
      body: `<ErrorResponse xmlns="${escapeXml(namespaceOf(contract))}"><Error>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    };
  },
};

function noAction(contract: Contract, request: RequestHead): AwsError {
  const bare = request.method === 'GET' && factsOf(contract.service).urlMember !== undefined;
  if (bare) return unknownOperation(undefined, 404);
  return new AwsError('MissingAction', 'The request must contain the parameter Action');
}

/** True for an operation that a resource's own URL does not take. */
function isMisplaced(contract: Contract, action: string, request: RequestHead): boolean {
  return request.path !== '/' && factsOf(contract.service).rootActions?.includes(action) === true;
}

/** Services whose resources have URLs speak of the endpoint, others of the version. Both recorded. */
function invalidAction(contract: Contract, action: string, version: string): AwsError {
  const message =
    factsOf(contract.service).urlMember === undefined
      ? `Could not find operation ${action} for version ${version}`
      : `The action ${action} is not valid for this endpoint.`;
  return new AwsError('InvalidAction', message);
}

/** A form is posted; presigned requests carry it in the URL. */
function formOf(request: RawRequest): string {
  return request.body.length > 0 ? unzipped(request).toString('utf8') : request.query;
}

/** The input with the URL that the form was sent to, where that names the resource: a form may be posted to a queue. */
function withUrl(
  contract: Contract,
  operation: OperationContract,
  request: RawRequest,
  input: Record<string, unknown>,
): Record<string, unknown> {
  const { urlMember } = factsOf(contract.service);
  if (urlMember === undefined || input[urlMember] !== undefined || request.path === '/') return input;
  return operation.input[4].includes(urlMember) ? { ...input, [urlMember]: request.path } : input;
}

/** True when the URL itself is a query protocol request. */
export function namesAction(request: RequestHead): boolean {
  return actionOf(request.query) !== undefined;
}

function actionOf(text: string): string | undefined {
  return /(?:^|&)Action=([A-Za-z0-9]+)(?:&|$)/.exec(text)?.[1];
}

function namespaceOf(contract: Contract): string {
  return contract.metadata.xmlNamespace ?? factsOf(contract.service).xmlNamespace ?? '';
}

const responseSchemasOf = compiledOnce((_: Contract) => new Map<string, StaticStructureSchema>());

/** `<OpResponse xmlns><OpResult>…</OpResult><ResponseMetadata><RequestId>…` as a structure of its own. */
function responseSchema(contract: Contract, operation: OperationContract): StaticStructureSchema {
  const schemas = responseSchemasOf(contract);
  let schema = schemas.get(operation.name);
  if (!schema) {
    const namespace = contract.namespace;
    const metadata: StaticStructureSchema = [3, namespace, 'ResponseMetadata', 0, ['RequestId'], [0]];
    const names = [`${operation.name}Result`, 'ResponseMetadata'];
    const refs: $SchemaRef[] = [operation.output, metadata];
    schema = [3, namespace, `${operation.name}Response`, { xmlNamespace: ['', namespaceOf(contract)] }, names, refs];
    schemas.set(operation.name, schema);
  }
  return schema;
}
