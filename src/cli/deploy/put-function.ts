// Makes a function be as it should be: creates it, or changes what differs, and waits until it can be invoked.
import type { Architecture, FunctionConfiguration, LambdaClient, Runtime } from '@aws-sdk/client-lambda';
import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';
import { differingSettings, type Settings } from './settings.ts';

export interface WantedFunction {
  name: string;
  zip: Buffer;
  settings: Settings;
  architecture: Architecture | undefined;
  tags: Record<string, string>;
  publish: boolean;
}

export interface ExistingFunction {
  configuration: FunctionConfiguration;
  tags: Record<string, string>;
}

export interface PutResult {
  /** What was done: `created`, or what of the function was changed; empty when all was so already. */
  changes: string[];
  configuration: FunctionConfiguration;
  /** The version that was published, if it was asked for. */
  version: string | undefined;
}

/** AWS needs up to this long until a new role can be used. */
const roleLimitMs = 30_000;
const readyLimitMs = 120_000;

export async function findFunction(lambda: LambdaClient, name: string): Promise<ExistingFunction | null> {
  const { GetFunctionCommand } = await import('@aws-sdk/client-lambda');
  try {
    const { Configuration, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName: name }));
    return { configuration: Configuration!, tags: Tags ?? {} };
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return null;
    throw error;
  }
}

export async function createFunction(lambda: LambdaClient, wanted: WantedFunction): Promise<PutResult> {
  const { CreateFunctionCommand } = await import('@aws-sdk/client-lambda');
  const command = new CreateFunctionCommand({
    FunctionName: wanted.name,
    Code: { ZipFile: wanted.zip },
    ...wanted.settings,
    Role: wanted.settings.Role,
    Runtime: wanted.settings.Runtime as Runtime,
    Tags: wanted.tags,
    ...(wanted.architecture === undefined ? {} : { Architectures: [wanted.architecture] }),
  });
  const giveUpAt = Date.now() + roleLimitMs;
  for (;;) {
    try {
      await lambda.send(command);
      break;
    } catch (error) {
      const roleIsNew = /cannot be assumed by Lambda/.test((error as Error).message);
      if (!roleIsNew || Date.now() > giveUpAt) throw error;
      await pause(1000);
    }
  }
  return finish(lambda, wanted, ['created']);
}

export async function updateFunction(
  lambda: LambdaClient,
  wanted: WantedFunction,
  existing: ExistingFunction,
): Promise<PutResult> {
  const sdk = await import('@aws-sdk/client-lambda');
  const { configuration } = existing;
  const FunctionName = wanted.name;
  const changes: string[] = [];
  // Settings go first: new code may need them, and old code rarely minds them.
  const settings = differingSettings(wanted.settings, configuration);
  if (Object.keys(settings).length > 0) {
    await lambda.send(new sdk.UpdateFunctionConfigurationCommand({ FunctionName, ...settings }));
    await waitUntilReady(lambda, wanted.name);
    changes.push(...Object.keys(settings).map((name) => settingNames[name as keyof Settings]));
  }
  const sameArchitecture = [undefined, configuration.Architectures?.[0]].includes(wanted.architecture);
  if (sha256(wanted.zip) !== configuration.CodeSha256 || !sameArchitecture) {
    const architecture = wanted.architecture === undefined ? {} : { Architectures: [wanted.architecture] };
    await lambda.send(new sdk.UpdateFunctionCodeCommand({ FunctionName, ZipFile: wanted.zip, ...architecture }));
    changes.push(sameArchitecture ? 'code' : 'architecture');
  }
  if (Object.entries(wanted.tags).some(([key, value]) => existing.tags[key] !== value)) {
    await lambda.send(new sdk.TagResourceCommand({ Resource: configuration.FunctionArn, Tags: wanted.tags }));
    changes.push('tags');
  }
  return finish(lambda, wanted, changes);
}

const settingNames: Record<keyof Settings, string> = {
  Runtime: 'runtime',
  Handler: 'handler',
  MemorySize: 'memory',
  Timeout: 'timeout',
  Environment: 'environment',
  Description: 'description',
  Role: 'role',
  Layers: 'layers',
};

async function finish(lambda: LambdaClient, wanted: WantedFunction, changes: string[]): Promise<PutResult> {
  const configuration = await waitUntilReady(lambda, wanted.name);
  if (!wanted.publish) return { changes, configuration, version: undefined };
  const { PublishVersionCommand } = await import('@aws-sdk/client-lambda');
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: wanted.name }));
  await waitUntilReady(lambda, wanted.name, Version);
  return { changes, configuration, version: Version };
}

/** Resolves once the function is active and its last change is done; throws Failure with the reason when they fail. */
async function waitUntilReady(lambda: LambdaClient, name: string, version?: string): Promise<FunctionConfiguration> {
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const command = new GetFunctionConfigurationCommand({
    FunctionName: name,
    ...(version === undefined ? {} : { Qualifier: version }),
  });
  const giveUpAt = Date.now() + readyLimitMs;
  for (let pauseMs = 20; Date.now() < giveUpAt; pauseMs = Math.min(1000, pauseMs * 1.5)) {
    const configuration = await lambda.send(command);
    const { State, LastUpdateStatus, StateReason, LastUpdateStatusReason } = configuration;
    if (State === 'Failed' || LastUpdateStatus === 'Failed') {
      throw new Failure(
        'NotReady',
        `${name} is not ready: ${LastUpdateStatusReason ?? StateReason ?? 'no reason given'}`,
      );
    }
    if (State !== 'Pending' && LastUpdateStatus !== 'InProgress') return configuration;
    await pause(pauseMs);
  }
  throw new Failure('NotReady', `${name} was not ready after ${readyLimitMs / 1000} seconds.`);
}

export function sha256(zip: Buffer): string {
  return createHash('sha256').update(zip).digest('base64');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
