import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadContract } from '../contracts/index.ts';
import { AwsError } from '../core/errors.ts';
import { decode, refusal } from './testing/requests.ts';
import { restJson } from './rest-json.ts';

const lambda = loadContract('lambda');
const create = (body: string) => refusal(() => decode('lambda', 'POST /2015-03-31/functions', {}, body));
const encoded = (operation: string, output: object) => restJson.encodeOutput(lambda, operation, output, 'id');
const failed = (error: AwsError) => restJson.encodeError(lambda, 'Invoke', error, 'id');

test('a path that no operation has is an unknown operation', () => {
  assert.match(
    refusal(() => decode('lambda', 'GET /2015-03-31/nonsense')),
    /^UnknownOperationException: /,
  );
  assert.match(
    refusal(() => decode('lambda', 'PATCH /2015-03-31/functions')),
    /^UnknownOperationException: /,
  );
});

test('a body that is no JSON is refused as request content', () => {
  assert.match(create('{'), /^InvalidRequestContentException: Could not parse request body into json: /);
  const latin1 = Buffer.from('{"FunctionName": "\xfc"}', 'latin1');
  const refused = refusal(() => decode('lambda', 'POST /2015-03-31/functions', {}, latin1));
  assert.equal(refused, 'InvalidRequestContentException: Could not parse request body into json: Invalid UTF-8');
});

test('a value of the wrong type is refused in the words of AWS', () => {
  assert.equal(create('{"FunctionName": 1}'), 'SerializationException: NUMBER_VALUE can not be converted to a String');
  assert.equal(create('{"FunctionName": true}'), 'SerializationException: TRUE_VALUE can not be converted to a String');
  assert.equal(create('{"Timeout": "3"}'), 'SerializationException: STRING_VALUE can not be converted to an Integer');
  assert.equal(create('{"Publish": 0}'), 'SerializationException: NUMBER_VALUE can not be converted to a Boolean');
  assert.equal(
    create('{"FunctionName": {}}'),
    'SerializationException: Start of structure or map found where not expected.',
  );
  assert.equal(create('{"FunctionName": []}'), 'SerializationException: Start of list found where not expected');
  assert.equal(create('{"Layers": 1}'), 'SerializationException: Expected list or null');
  assert.equal(create('{"Code": "x"}'), 'SerializationException: Expected null');
  assert.equal(create('{"Code": {"ZipFile": "%%%%"}}'), 'SerializationException: Invalid base64 content');
  assert.equal(create('[]'), 'SerializationException: Start of list found where not expected');
});

test('a malformed percent-encoding is refused', () => {
  assert.match(
    refusal(() => decode('lambda', 'GET /2015-03-31/functions/%zz')),
    /^SerializationException: /,
  );
});

test('a key named __proto__ is a key like others', () => {
  const { input } = decode('lambda', 'POST /2017-03-31/tags/arn', {}, '{"Tags": {"__proto__": "x"}}');
  assert.deepEqual(Object.keys(input['Tags'] as object), ['__proto__']);
});

test('null members and unknown members are as good as absent', () => {
  const { input } = decode(
    'lambda',
    'POST /2015-03-31/functions',
    {},
    '{"FunctionName": null, "Nonsense": 1, "Timeout": 3}',
  );
  assert.deepEqual(input, { Timeout: 3 });
});

test('a trailing slash changes nothing, and an encoded slash stays within its label', () => {
  assert.equal(decode('lambda', 'GET /2015-03-31/functions/').operation, 'ListFunctions');
  const call = decode('lambda', 'GET /2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Afunction%3Aa%2Fb');
  assert.deepEqual(call, { operation: 'ListTags', input: { Resource: 'arn:aws:lambda:us-east-1:1:function:a/b' } });
});

test('a literal query parameter tells operations of one path apart', () => {
  assert.equal(decode('lambda', 'GET /2018-10-31/layers?find=LayerVersion&Arn=a').operation, 'GetLayerVersionByArn');
  assert.equal(decode('lambda', 'GET /2018-10-31/layers?MaxItems=5').operation, 'ListLayers');
});

test('a parameter that is no number is refused', () => {
  const refused = refusal(() => decode('lambda', 'GET /2018-10-31/layers?MaxItems=many'));
  assert.equal(refused, 'SerializationException: STRING_VALUE can not be converted to an Integer');
});

test('the payload of an invocation is the very buffer that came in, and goes out as it is', () => {
  const body = Buffer.from([0, 1, 2, 255]);
  const request = { method: 'POST', path: '/2015-03-31/functions/f/invocations', query: '', headers: {}, body };
  assert.equal(restJson.decode(lambda, request).input['Payload'], body);
  assert.equal(encoded('Invoke', { StatusCode: 200, Payload: body }).body, body);
});

test('the status that an output holds is the status of the answer', () => {
  assert.equal(encoded('Invoke', { StatusCode: 202 }).status, 202);
  assert.equal(encoded('CreateFunction', {}).status, 201);
});

test('an answer without members is an empty object, but nothing at all with 204', () => {
  assert.equal(encoded('ListFunctions', {}).body.toString(), '{}');
  const { status, body } = encoded('DeleteAlias', {});
  assert.deepEqual([status, body.toString()], [204, '']);
});

test('an error spells its message as its shape does, and names its type first where the shape has one', () => {
  const text = (error: AwsError) => failed(error).body.toString();
  assert.equal(text(new AwsError('ResourceNotFoundException', 'a')), '{"Type":"User","Message":"a"}');
  assert.equal(text(new AwsError('ServiceException', 'b')), '{"Type":"Service","Message":"b"}');
  assert.equal(text(new AwsError('ValidationException', 'c')), '{"message":"c"}');
  const untyped = new AwsError('InvalidParameterValueException', 'd', { members: { Type: null } });
  assert.equal(text(untyped), '{"message":"d"}');
});

test('an error takes its modelled status, and its header members go into headers', () => {
  assert.equal(failed(new AwsError('ResourceNotFoundException', 'a')).status, 404);
  const members = { Reason: 'CallerRateLimitExceeded', retryAfterSeconds: '1' };
  const { status, headers, body } = failed(new AwsError('TooManyRequestsException', 'Rate Exceeded.', { members }));
  assert.equal(status, 429);
  assert.equal(headers['Retry-After'], '1');
  assert.equal(headers['x-amzn-ErrorType'], 'TooManyRequestsException');
  assert.equal(headers['x-amzn-RequestId'], 'id');
  assert.equal(body.toString(), '{"Type":"User","message":"Rate Exceeded.","Reason":"CallerRateLimitExceeded"}');
});
