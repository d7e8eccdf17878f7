// What the tests of X-Ray share: a client, and traces to send.
import assert from 'node:assert/strict';
import * as xray from '@aws-sdk/client-xray';
import type { TestServer } from '../server.ts';
import { account, region } from './lambda-client.ts';

export function xrayClient(server: TestServer, options: xray.XRayClientConfig = {}): xray.XRayClient {
  const credentials = { accessKeyId: account, secretAccessKey: 'any' };
  return new xray.XRayClient({ endpoint: server.url, region, credentials, maxAttempts: 1, ...options });
}

let made = 0;

/** Id of a trace that begins now, or so many seconds ago. */
export function traceId(secondsAgo = 0): string {
  const seconds = Math.floor(Date.now() / 1000) - secondsAgo;
  return `1-${seconds.toString(16)}-${(++made).toString(16).padStart(24, '0')}`;
}

export function segmentId(): string {
  return (++made).toString(16).padStart(16, '0');
}

/** The segments of a trace once `isWhole` is true of them. */
export async function traceOf(
  client: xray.XRayClient,
  id: string,
  isWhole: (segments: any[]) => boolean = () => true,
): Promise<any[]> {
  let segments: any[] = [];
  for (let attempt = 0; attempt < 500; attempt++) {
    const { Traces } = await client.send(new xray.BatchGetTracesCommand({ TraceIds: [id] }));
    segments = (Traces?.[0]?.Segments ?? []).map((segment) => JSON.parse(segment.Document!));
    if (segments.length > 0 && isWhole(segments)) return segments;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return assert.fail(`trace ${id} stays ${JSON.stringify(segments)}`);
}

export const origin = (segments: any[], wanted: string) => segments.find((segment) => segment.origin === wanted);

/** The function's subsegment of a name. */
export const partOf = (segments: any[], name: string) =>
  origin(segments, 'AWS::Lambda::Function')?.subsegments.find((each: any) => each.name === name);

/** Lets every request be sampled that is not decided about. */
export async function sampleAll(client: xray.XRayClient): Promise<void> {
  const any = { ResourceARN: '*', ServiceName: '*', ServiceType: '*', Host: '*', HTTPMethod: '*', URLPath: '*' };
  const SamplingRule = { RuleName: 'all', ...any, Priority: 9_000, FixedRate: 1, ReservoirSize: 0, Version: 1 };
  await client.send(new xray.CreateSamplingRuleCommand({ SamplingRule }));
}
