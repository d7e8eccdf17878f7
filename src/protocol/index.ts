// The door to the wire: AWS's protocols as pure functions from bytes to operations and back.
import type { Contract, ProtocolName } from '../contracts/contract.ts';
import { jsonRpc } from './json-rpc.ts';
import { namesAction, query } from './query.ts';
import { restJson } from './rest-json.ts';
import { restXml } from './rest-xml.ts';
import { rpcV2Cbor } from './rpc-v2-cbor.ts';
import { factsOf } from './service-facts.ts';
import type { Protocol, RequestHead } from './types.ts';

export type { OperationCall, Protocol, RawRequest, RawResponse, RequestHead } from './types.ts';
export { parseSignature, type Signature, verifySignature } from './sigv4.ts';
export { type ValidateOptions, validate } from './validate.ts';

/**
 * The protocol that a request speaks, among those of its service; the service's preferred one when nothing tells,
 * so that there is always a way to encode an error.
 */
export function protocolFor(contract: Contract, request: RequestHead): Protocol {
  const { protocols } = contract.metadata;
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor' && protocols.includes('smithy-rpc-v2-cbor'))
    return rpcV2Cbor;
  if (request.headers['x-amz-target'] !== undefined && protocols.includes('json')) return jsonRpc;
  const speaksQuery = protocols.includes('query') || factsOf(contract.service).speaksQuery === true;
  if (speaksQuery && (request.method === 'GET' || isForm(request) || namesAction(request))) return query;
  return preferred[protocols[0] as keyof typeof preferred];
}

const preferred: Record<Exclude<ProtocolName, 'ec2'>, Protocol> = {
  'rest-json': restJson,
  'rest-xml': restXml,
  json: jsonRpc,
  query,
  'smithy-rpc-v2-cbor': rpcV2Cbor,
};

function isForm(request: RequestHead): boolean {
  const type = request.headers['content-type'];
  return typeof type === 'string' && type.startsWith('application/x-www-form-urlencoded');
}
