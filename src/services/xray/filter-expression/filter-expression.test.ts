// What filter expressions let through.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SegmentDocument } from '../segment.ts';
import { assembleTrace } from '../trace.ts';
import { Evaluation, parseFilter } from './index.ts';

const id = '1-6966f380-aaaaaaaaaaaaaaaaaaaaaaaa';
const api: SegmentDocument = {
  id: '000000000000000a',
  name: 'api.example.com',
  start_time: 10,
  end_time: 16,
  user: 'ann',
  http: {
    request: { url: 'http://api.example.com/v2/x', method: 'GET', user_agent: 'curl/8', client_ip: '10.0.0.1' },
    response: { status: 200 },
  },
  annotations: { account: '12345', size: 7, cold: true },
  subsegments: [{ id: '000000000000000b', name: 'call', namespace: 'remote', start_time: 10, end_time: 13 }],
};
const backend: SegmentDocument = {
  id: '000000000000000c',
  name: 'backend',
  origin: 'AWS::Lambda::Function',
  aws: { account_id: '123456789012' },
  parent_id: '000000000000000b',
  start_time: 11,
  end_time: 18,
  fault: true,
  cause: { exceptions: [{ message: 'out of cheese' }] },
};
const groups: Record<string, string> = { slow: 'duration > 5', loop: 'group.name = "loop"' };
const holds = (expression: string) =>
  new Evaluation(assembleTrace(id, structuredClone([api, backend])), (by, value) =>
    by === 'name' && groups[value] !== undefined ? parseFilter(groups[value]) : undefined,
  ).matches(parseFilter(expression));

for (const [expression, expected] of [
  ['ok', true],
  ['!ok', false],
  ['fault', false],
  ['ok = false', false],
  ['fault != true', true],
  ['ok !partial duration <9', true],
  ['partial', false],
  ['responsetime > 5', true],
  ['responsetime > 6', false],
  ['duration >= 5 AND duration <= 8', true],
  ['duration >= 8.5 OR responsetime = 6', true],
  ['http.status = 200', true],
  ['http.status != 200', false],
  ['http.url BEGINSWITH "http://api.example.com/" AND http.url CONTAINS "/v2/"', true],
  ['http.url ENDSWITH "/y"', false],
  ['http.method = "GET" and http.useragent CONTAINS "curl" and http.clientip = "10.0.0.1"', true],
  ['user = "ann"', true],
  ['user', true],
  ['annotation.account = "12345"', true],
  ['annotation.account = 12345', false],
  ['annotation.size >= 7', true],
  ['annotation[cold] = true', true],
  ['annotation["size"] != 8', true],
  ['annotation.none', false],
  ['annotation.none != "x"', false],
  ['service("backend")', true],
  ['service("backend") { fault }', true],
  ['service("backend") { fault = true OR responsetime > 2.5 } AND annotation.account = "12345"', true],
  ['service("api.example.com") { fault }', false],
  ['service() { fault }', true],
  ['service(id(name: "backend", type: "AWS::Lambda::Function", account.id: "123456789012"))', true],
  ['service(id(type: "AWS::DynamoDB::Table"))', false],
  ['!service("backend")', false],
  ['edge("api.example.com", "backend") { fault = true }', true],
  ['edge("backend", "api.example.com")', false],
  ['edge("api.example.com",)', true],
  ['service("backend") { message CONTAINS "cheese" }', true],
  ['service("backend") { last }', true],
  ['service("backend") { first }', false],
  ['service("backend") { root }', false],
  ['(fault OR error) AND ok', false],
  ['fault OR error AND ok OR ok', true],
  ['group.name = "slow"', true],
  ['group.name = "none"', false],
  ['group.name = "loop"', false],
] as const) {
  test(`${expression} is ${expected} of it`, () => assert.equal(holds(expression), expected));
}

for (const expression of [
  '',
  'nonsense',
  'responsetime',
  'responsetime > "5"',
  'ok = 5',
  'http.url = 5',
  'service(backend)',
  'service("a"',
  'annotation.a CONTAINS 5',
  'duration > 5 AND',
  '(ok',
  'ok)',
  '"ok"',
  `${'('.repeat(30)}ok${')'.repeat(30)}`,
  'user = "a',
  'x'.repeat(2_001),
]) {
  test(`${expression.slice(0, 40)} cannot be read`, () => {
    assert.throws(() => parseFilter(expression), { code: 'InvalidRequestException' });
  });
}
