// What goes wrong with requests: values in inputs, and the request itself.
import { gzipSync } from 'node:zlib';
import type { FuzzRequest } from './encode.ts';
import type { Random } from './random.ts';

const oddTexts = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e😀é',
  '__proto__',
  'constructor',
  '$LATEST.PUBLISHED',
  '../../etc/passwd',
  '%',
  "'; DROP TABLE lambda_functions; --",
  'arn:aws:lambda:::function:',
  'arn:aws:lambda:eu-west-1:123456789012:function:fuzz-0:live:more',
  'arn:aws:iam::123456789012:role/',
  'arn:::::',
  '{"Version":"2012-10-17","Statement":[{"Effect":7,"Principal":{"AWS":null}}]}',
  '(((((((((((((((((((a+)+)+)+)+)+)+)+)+$',
  '999999999999999999999999',
  '-1',
  'NaN',
];
const oddNumbers = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324, 901, 128, 10_241];

/** A value that nobody asked for. */
function oddValue(random: Random): unknown {
  switch (random.below(9)) {
    case 0:
      return random.pick(oddNumbers);
    case 1:
      return random.pick([null, true, false]);
    case 2:
      return random.pick([
        [],
        {},
        [null],
        [[[]]],
        { a: null },
        [{}],
        JSON.parse('{"__proto__":1,"constructor":null}'),
      ] as unknown[]);
    case 3:
      return 'x'.repeat(random.pick([65, 141, 257, 4097, 20_481, 100_000]));
    case 4:
      return '😀'.repeat(random.pick([33, 129, 5000]));
    case 5:
      return Array.from({ length: random.pick([6, 51, 2000]) }, (_, index) => `item-${index}`);
    case 6:
      return Object.fromEntries(Array.from({ length: random.pick([51, 500]) }, (_, index) => [`key-${index}`, 'v']));
    case 7:
      return nested(random.pick([20, 200, 1000]));
    default:
      return random.pick(oddTexts);
  }
}

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Replaces, removes or adds one value somewhere in `input`, which is changed. */
export function damageInput(input: Record<string, unknown>, random: Random): void {
  let place: any = input;
  for (let depth = 0; depth < 5; depth++) {
    const inner = Object.values(place).filter(
      (value) =>
        typeof value === 'object' && value !== null && !Buffer.isBuffer(value) && Object.keys(value).length > 0,
    );
    if (inner.length === 0 || random.chance(0.5)) break;
    place = random.pick(inner);
  }
  const keys = Object.keys(place);
  const kind = random.below(8);
  if (kind === 0 && keys.length > 0) delete place[random.pick(keys)];
  else if (kind === 1 || keys.length === 0)
    place[random.pick(['Extra', 'functionName', '1', 'Marker'])] = oddValue(random);
  else place[random.pick(keys)] = oddValue(random);
}

const verbs = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];
const encodings = ['gzip', 'GZIP, gzip', 'aws-chunked', 'aws-chunked,gzip', 'deflate', 'br', 'identity', ',', 'zstd'];
const contentTypes = [
  'application/json',
  'application/x-amz-json-1.0',
  'application/x-amz-json-1.1',
  'application/x-www-form-urlencoded',
  'application/cbor',
  'application/xml',
  'multipart/form-data; boundary=',
  'text/plain;charset=utf-7',
  '',
  ';;;',
];
const oddHeaders: readonly [string, readonly string[]][] = [
  [
    'x-amz-target',
    ['', '.', 'Logs_20140328.', 'Logs_20140328.Nothing', 'AmazonSQS.SendMessage', '__proto__.constructor'],
  ],
  ['x-amz-content-sha256', ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'UNSIGNED-PAYLOAD', 'x']],
  ['x-amz-invocation-type', ['DryRun', 'Event', 'Nothing', '']],
  ['x-amz-log-type', ['Tail', 'All']],
  ['x-amz-client-context', ['e30=', '!!!', 'bm90IGpzb24=']],
  ['x-amz-security-token', ['x', 'e30=.e30=', 'a.b.c']],
  ['smithy-protocol', ['rpc-v2-cbor', 'x']],
  ['host', ['', 'lambda', 'iam.amazonaws.com', '[::1', 'abc.lambda-url.eu-west-1.localhost', 'x y']],
  ['expect', ['100-continue', 'nothing']],
  [
    'authorization',
    ['', 'Basic eDp5', 'AWS4-HMAC-SHA256 Credential=////', 'AWS4-HMAC-SHA256 Credential=ASIA/1/x/lambda/a'],
  ],
  ['accept', ['text/xml', 'application/json', '*/*;q=x']],
  ['content-type', contentTypes],
  ['content-encoding', encodings],
];
const pathParts = [
  '%',
  '%zz',
  '%00',
  '%2F',
  '%ff',
  '..',
  '.',
  '//',
  ';',
  '$LATEST',
  ':',
  '?',
  '?&=&',
  '%F0%9F%98%80',
  '#',
  '{FunctionName}',
];
const queries = [
  'Qualifier=',
  'Qualifier=%zz',
  'MaxItems=x',
  'MaxItems=-1',
  'MaxItems=1e9',
  'Marker=!!',
  'Marker=e30%3D',
  'Marker=AAAA',
  'tagKeys=',
  'a=1&a=2',
  'list-type=2',
  '=',
  'X-Amz-Credential=a/b/c/lambda/x',
  '__proto__=1',
];

/** One fault of the request itself. */
export function damageRequest(request: FuzzRequest, random: Random): void {
  const { headers } = request;
  switch (random.below(9)) {
    case 0:
      request.method = random.pick(verbs);
      break;
    case 1:
      request.body = request.body.subarray(0, random.below(request.body.length + 1));
      break;
    case 2: {
      const body = Buffer.from(request.body);
      for (let count = random.below(4) + 1; body.length > 0 && count > 0; count--)
        body[random.below(body.length)] = random.below(256);
      request.body = body;
      break;
    }
    case 3:
      request.body = random.pick([
        Buffer.from('null'),
        Buffer.from('[]'),
        Buffer.from('"x"'),
        Buffer.from('{"a":1}{"b":2}'),
        Buffer.from('{"FunctionName":"a","FunctionName":"b"}'),
        Buffer.from('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
        Buffer.from([0xbf, 0x61, 0x61, 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Buffer.from('['.repeat(100_000)),
        Buffer.from('{"a":'.repeat(50_000)),
        Buffer.from('Action=Nothing&Version=2010-05-08&a.member.1.x=1&a.member.=&%zz=%zz&a.member.99999999=1'),
        Buffer.alloc(random.pick([1000, 300_000]), 'a'),
        Buffer.from('5;chunk-signature=x\r\nhello\r\n0\r\n\r\n'),
        Buffer.from(Array.from({ length: 64 }, () => random.below(256))),
      ]);
      break;
    case 4: {
      headers['content-encoding'] = random.pick(encodings);
      if (random.chance(0.5)) request.body = gzipSync(request.body);
      break;
    }
    case 5: {
      const [name, values] = random.pick(oddHeaders);
      headers[name] = random.pick(values);
      break;
    }
    case 6: {
      const names = Object.keys(headers);
      delete headers[random.pick(names)];
      break;
    }
    case 7: {
      const parts = request.path.split('/');
      parts[random.below(parts.length - 1) + 1] = random.pick(pathParts);
      request.path = random.chance(0.2) ? `${request.path}/${random.pick(pathParts)}` : parts.join('/');
      break;
    }
    default:
      request.path += `${request.path.includes('?') ? '&' : '?'}${random.pick(queries)}`;
  }
}
