// Inputs as a careful client would write them: of the right types, within the contract's bounds, with names that exist.
import { NormalizedSchema } from '@smithy/core/schema';
import { compilePattern, type Constraint, type Contract, type OperationContract } from '../../src/contracts/index.ts';
import { zipOf } from '../zip.ts';
import type { Random } from './random.ts';

const account = '123456789012';
const region = 'eu-west-1';
const functionArn = (name: string) => `arn:aws:lambda:${region}:${account}:function:${name}`;
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

const functions = numbered('fuzz', 8);
const packages = ['export const handler = async () => 1;', 'export const handler = async () => 2;', 'throw 1;'].map(
  (source) => zipOf({ 'index.mjs': source }),
);
const queue = `arn:aws:sqs:${region}:${account}:queue`;
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }],
});
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
});
const roleArns = numbered('fuzz-role', 4).map((name) => `arn:aws:iam::${account}:role/${name}`);
const layerArns = ['fuzz-layer-0:1', 'fuzz-layer-0:2', 'fuzz-layer-1:1'].map(
  (name) => `arn:aws:lambda:${region}:${account}:layer:${name}`,
);

/** What members of these names hold, whatever the operation. */
const known: Record<string, readonly unknown[]> = {
  FunctionName: [
    ...functions,
    ...functions,
    ...functions,
    functionArn('fuzz-0'),
    `${account}:function:fuzz-1`,
    'fuzz-2:1',
  ],
  Qualifier: ['$LATEST', '1', '2', 'live', 'next'],
  FunctionVersion: ['1', '1', '2', '$LATEST', '3'],
  ReservedConcurrentExecutions: [0, 1, 5, 2000],
  ProvisionedConcurrentExecutions: [1, 3],
  Name: ['live', 'next', 'other'],
  Role: roleArns,
  Handler: ['index.handler'],
  Runtime: ['nodejs24.x', 'nodejs24.x', 'python3.12', 'provided.al2023'],
  ZipFile: packages,
  Resource: functions.map(functionArn),
  ResourceArn: functions.map(functionArn),
  LayerName: ['fuzz-layer-0', 'fuzz-layer-1'],
  Layers: [[], [layerArns[0]], layerArns.slice(0, 2)],
  Arn: layerArns,
  VersionNumber: [1, 2, 3],
  Action: ['lambda:InvokeFunction', 'lambda:GetFunction', 'lambda:GetLayerVersion'],
  Principal: ['s3.amazonaws.com', '210987654321', '*'],
  StatementId: ['first', 'second', 'third'],
  EventSourceArn: [queue, `arn:aws:dynamodb:${region}:${account}:table/t/stream/2026-01-01T00:00:00.000`],
  Policy: [policy],
  PolicyDocument: [policy, trust],
  AssumeRolePolicyDocument: [trust],
  TargetArn: [queue],
  Destination: [queue, functionArn('fuzz-3')],
  RoleName: numbered('fuzz-role', 4),
  UserName: numbered('fuzz-user', 4),
  GroupName: numbered('fuzz-group', 3),
  PolicyName: numbered('fuzz-policy', 3),
  PolicyArn: [...numbered('fuzz-policy', 3).map((name) => `arn:aws:iam::${account}:policy/${name}`)],
  VersionId: ['v1', 'v2'],
  Path: ['/', '/a/'],
  RoleArn: roleArns,
  RoleSessionName: ['session'],
  logGroupName: numbered('/fuzz/group', 4),
  logGroupIdentifier: numbered('/fuzz/group', 4),
  logStreamName: numbered('stream', 3),
  filterPattern: ['', 'ERROR', '{ $.level = "error" }', '[a, b=1, ...]', '%x+%'],
  resourceArn: numbered('/fuzz/group', 4).map((name) => `arn:aws:logs:${region}:${account}:log-group:${name}`),
  timestamp: [Date.now()],
  message: ['a line', '{"level":"error"}', 'ERROR two'],
  ServiceCode: ['lambda', 'lambda', 'iam'],
  QuotaCode: ['L-B99A9384', 'L-2ACBD22F', 'L-9FEE3D26'],
  DesiredValue: [2000, 1, 1e9],
  Code: packages.map((ZipFile) => ({ ZipFile })),
  Content: packages.map((ZipFile) => ({ ZipFile })),
};

/** Members that an operation wants although its contract does not say so. */
const wanted: Record<string, readonly string[]> = {
  CreateFunction: ['Runtime', 'Handler'],
  CreateEventSourceMapping: ['EventSourceArn'],
  UpdateFunctionCode: ['ZipFile'],
  GetProvisionedConcurrencyConfig: ['Qualifier'],
};

/** Members that are mostly left out: what they ask for is refused by name, or makes every other setting pointless. */
const shunned =
  /^(PublishTo|DurableConfig|CapacityProviderConfig|TenancyConfig|S3\w+|Image\w+|VpcConfig|DryRun|RevisionId|CodeSha256|SourceKMSKeyArn|KMSKeyArn|PackageType)$/;

export interface Known {
  /** Identifiers that the server made up, by member name, e.g. `UUID`. */
  readonly [member: string]: readonly unknown[] | undefined;
}

/** An input of `operation`; `made` are identifiers that earlier answers brought. */
export function inputOf(
  contract: Contract,
  operation: OperationContract,
  random: Random,
  made: Known,
): Record<string, unknown> {
  const optional = random.pick([0, 0, 0.05, 0.15, 0.4, 0.9]);
  const structure = (schema: NormalizedSchema, depth: number): Record<string, unknown> => {
    const facts = new Map((contract.members.get(schema.getName() ?? '') ?? []).map((fact) => [fact.name, fact]));
    const out: Record<string, unknown> = {};
    const members = [...schema.structIterator()];
    for (const [name, member] of schema.isUnionSchema() ? [random.pick(members)] : members) {
      const fact = facts.get(name);
      const asked =
        fact?.required === true || schema.isUnionSchema() || wanted[operation.name]?.includes(name) === true;
      if (!asked && !random.chance(shunned.test(name) ? optional / 10 : optional)) continue;
      const constraint = fact?.constraint === undefined ? undefined : contract.constraints.get(fact.constraint);
      const choices = [...(known[name] ?? []), ...(made[name] ?? [])];
      if (choices.length > 0 && fits(member, choices[0])) out[name] = copyOf(random.pick(choices));
      else if (depth < 6) {
        const made = value(member, constraint, depth + 1);
        // What cannot be made to a pattern's liking is better left out, if it may be.
        if (asked || typeof made !== 'string' || matches(made, constraint) || random.chance(0.02)) out[name] = made;
      }
    }
    return out;
  };
  const value = (schema: NormalizedSchema, constraint: Constraint | undefined, depth: number): unknown => {
    const named = (name: string | undefined) => (name === undefined ? undefined : contract.constraints.get(name));
    if (schema.isStructSchema()) return structure(schema, depth);
    if (schema.isListSchema() || schema.isMapSchema()) {
      const length = Math.min(constraint?.max ?? 3, Math.max(constraint?.min ?? 0, random.below(3)), 5);
      const member = schema.isListSchema() ? constraint?.member : constraint?.value;
      const values = Array.from({ length }, () => value(schema.getValueSchema(), named(member), depth + 1));
      if (schema.isListSchema()) return values;
      return Object.fromEntries(values.map((each, index) => [`${text(named(constraint?.key), random)}${index}`, each]));
    }
    if (schema.isBooleanSchema()) return random.chance(0.5);
    if (schema.isNumericSchema()) {
      const min = constraint?.min ?? 0;
      const span = Math.min((constraint?.max ?? 1000) - min, 1e6);
      return random.pick([min, min + span, min + random.below(span + 1)]);
    }
    if (schema.isTimestampSchema()) return Math.floor(Date.now() / 1000) - random.below(100_000);
    if (schema.isBlobSchema()) return Buffer.from('{"n":1}');
    return text(constraint, random);
  };
  return structure(NormalizedSchema.of(operation.input), 0);
}

/** What may be damaged must not be what others get. */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Array.isArray(value) ? [...value] : { ...value };
}

function fits(schema: NormalizedSchema, example: unknown): boolean {
  if (Buffer.isBuffer(example)) return schema.isBlobSchema();
  if (Array.isArray(example)) return schema.isListSchema();
  if (typeof example === 'object') return schema.isStructSchema();
  return typeof example === 'number' ? schema.isNumericSchema() : schema.isStringSchema();
}

function matches(made: string, constraint: Constraint | undefined): boolean {
  return constraint?.pattern === undefined || compilePattern(constraint.pattern).test(made);
}

function text(constraint: Constraint | undefined, random: Random): string {
  if (constraint?.enum !== undefined) return random.pick(constraint.enum);
  const length = Math.min(Math.max(constraint?.min ?? 0, random.pick([1, 4, 12])), constraint?.max ?? 64);
  return 'aB0'.repeat(Math.ceil(length / 3)).slice(0, length);
}
