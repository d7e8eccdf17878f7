// The door to the wire: AWS's protocols as pure functions from bytes to operations and back.
import type { Contract } from '../contracts/contract.ts';
import { jsonRpc } from './json-rpc.ts';
import { namesAction, query } from './query.ts';
import { restJson } from './rest-json.ts';
import { factsOf } from './service-facts.ts';
import type { Protocol, RequestHead } from './types.ts';

export type { OperationCall, Protocol, RawRequest, RawResponse, RequestHead } from './types.ts';
export { type ValidateOptions, validate } from './validate.ts';

/**
 * The protocol that a request speaks, among those of its service; the service's preferred one when nothing tells,
 * so that there is always a way to encode an error.
 */
export function protocolFor(contract: Contract, request: RequestHead): Protocol {
  const { protocols } = contract.metadata;
  if (request.headers['x-amz-target'] !== undefined && protocols.includes('json')) return jsonRpc;
  const speaksQuery = protocols.includes('query') || factsOf(contract.service).queryNamespace !== undefined;
  if (speaksQuery && (isForm(request) || namesAction(request))) return query;
  return preferred[protocols[0]!]!;
}

const preferred: Record<string, Protocol> = { 'rest-json': restJson, json: jsonRpc, query };

function isForm(request: RequestHead): boolean {
  const type = request.headers['content-type'];
  return typeof type === 'string' && type.startsWith('application/x-www-form-urlencoded');
}
