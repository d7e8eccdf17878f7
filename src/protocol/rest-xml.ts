// The restXml protocol: members in path, query and headers, the rest as an XML body. S3 speaks it, in a dialect.
import { XmlShapeDeserializer } from '@aws-sdk/core/protocols';
import type { Contract } from '../contracts/contract.ts';
import { AwsError } from '../core/errors.ts';
import { errorShape } from './error-shape.ts';
import { matchRoute } from './http-router.ts';
import { dechunked, isAwsChunked } from './plain-body.ts';
import { type BodyFormat, decodeRest, encodeRest } from './rest-operation.ts';
import { factsOf } from './service-facts.ts';
import type { Protocol } from './types.ts';
import { escapeXml, writeXml } from './xml-writer.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

const deserializer = new XmlShapeDeserializer({
  timestampFormat: { useTrait: true, default: 5 },
  httpBindings: true,
  xmlNamespace: '',
  serviceNamespace: '',
});

const format: BodyFormat = {
  contentType: 'application/xml',
  unknown: () =>
    new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', { status: 405 }),
  // S3's default for objects.
  blobContentType: 'binary/octet-stream',
  read(_contract, schema, body) {
    try {
      return deserializer.read(schema as never, body) ?? {};
    } catch (error) {
      const message = 'The XML you provided was not well-formed or did not validate against our published schema';
      throw new AwsError('MalformedXML', message, { cause: error });
    }
  },
  write: (contract, schema, value) => Buffer.from(declaration + writeXml(schema, value, namespaceOf(contract))),
  empty: '',
};

export const restXml: Protocol = {
  name: 'rest-xml',

  route: (contract, request) => matchRoute(contract, request)?.operation.name,

  decode(contract, request) {
    if (!isAwsChunked(request)) return decodeRest(contract, request, format);
    const encodings = String(request.headers['content-encoding'] ?? '').split(',');
    const kept = encodings.map((each) => each.trim()).filter((each) => each !== '' && each !== 'aws-chunked');
    // The framing is no property of the object that is stored.
    const headers = { ...request.headers, 'content-encoding': kept.length > 0 ? kept.join(', ') : undefined };
    return decodeRest(contract, { ...request, headers, body: dechunked(request.body) }, format);
  },

  encodeOutput(contract, operation, output, requestId) {
    const response = encodeRest(contract, operation, output, idHeaders(contract, requestId), format);
    // A part of an object is answered 206; the model knows one status an operation.
    if (response.headers['Content-Range'] !== undefined) response.status = 206;
    // The one S3 answer whose only member is the root element itself.
    if (factsOf(contract.service).s3 && operation === 'GetBucketLocation')
      response.body = bucketLocation(contract, output);
    return response;
  },

  encodeError(contract, operation, error, requestId) {
    const shape = errorShape(contract, error);
    const headers = { 'Content-Type': 'application/xml', ...idHeaders(contract, requestId), ...shape.headers };
    const answersHead = operation !== undefined && contract.operations.get(operation)?.http?.method === 'HEAD';
    if (answersHead) return { status: shape.status, headers, body: '' };
    const members = Object.entries(shape.value)
      .filter(([name]) => name.toLowerCase() !== 'message')
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
      .join('');
    const detail = `<Code>${escapeXml(shape.code)}</Code><Message>${escapeXml(error.message)}</Message>${members}`;
    const body = factsOf(contract.service).s3
      ? `<Error>${detail}<RequestId>${requestId}</RequestId><HostId>${hostId(requestId)}</HostId></Error>`
      : `<ErrorResponse xmlns="${escapeXml(namespaceOf(contract) ?? '')}"><Error><Type>${
          shape.fault === 'client' ? 'Sender' : 'Receiver'
        }</Type>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: shape.status, headers, body: declaration + body };
  },
};

function namespaceOf(contract: Contract): string | undefined {
  return contract.metadata.xmlNamespace ?? factsOf(contract.service).xmlNamespace;
}

function idHeaders(contract: Contract, requestId: string): Record<string, string> {
  if (!factsOf(contract.service).s3) return { 'x-amzn-RequestId': requestId };
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId), 'x-amzn-RequestId': requestId };
}

/** S3's extended request id, which clients only print: derived, so that answers depend on nothing but their arguments. */
function hostId(requestId: string): string {
  return Buffer.from(`lambent/${requestId}`).toString('base64');
}

function bucketLocation(contract: Contract, output: { LocationConstraint?: string }): string {
  const location = escapeXml(output.LocationConstraint ?? '');
  return `${declaration}<LocationConstraint xmlns="${namespaceOf(contract)}">${location}</LocationConstraint>`;
}
