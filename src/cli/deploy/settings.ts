// The settings that a deployment is asked for, and how they differ from those of a function.
import type { FunctionConfiguration, UpdateFunctionConfigurationCommandInput } from '@aws-sdk/client-lambda';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { usageFailure } from '../failure.ts';

export interface SettingFlags {
  runtime?: string;
  handler?: string;
  memory?: string;
  timeout?: string;
  env?: string[];
  envFile?: string;
  unsetEnv?: string[];
  description?: string;
  role?: string;
}

export type Settings = Pick<
  UpdateFunctionConfigurationCommandInput,
  'Runtime' | 'Handler' | 'MemorySize' | 'Timeout' | 'Environment' | 'Description' | 'Role' | 'Layers'
>;

/** Only what was given; throws a usage failure for what cannot be meant. */
export function readSettings(flags: SettingFlags, current: FunctionConfiguration | null): Settings {
  const memory = readWhole('--memory', flags.memory);
  const timeout = readWhole('--timeout', flags.timeout);
  const variables = readVariables(flags, current?.Environment?.Variables ?? {});
  return {
    ...(memory === undefined ? {} : { MemorySize: memory }),
    ...(timeout === undefined ? {} : { Timeout: timeout }),
    ...(variables === undefined ? {} : { Environment: { Variables: variables } }),
    ...(flags.description === undefined ? {} : { Description: flags.description }),
    ...(flags.role === undefined ? {} : { Role: flags.role }),
  };
}

/** Those of `wanted` that are not so already. */
export function differingSettings(wanted: Settings, current: FunctionConfiguration): Settings {
  const entries = Object.entries(wanted).filter(([name, value]) => {
    const before = current[name as keyof Settings];
    if (name === 'Layers') return String(value) !== String((current.Layers ?? []).map(({ Arn }) => Arn));
    if (name !== 'Environment') return value !== (before ?? '');
    return text(wanted.Environment?.Variables) !== text(current.Environment?.Variables);
  });
  return Object.fromEntries(entries);
}

/** `KEY=VALUE` pairs as a record. */
export function readPairs(flag: string, pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usageFailure(`${flag}: "${pair}" is not KEY=VALUE.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** Variables that are not named stay as they are. */
function readVariables({ env, envFile, unsetEnv }: SettingFlags, before: Record<string, string>) {
  if (env === undefined && envFile === undefined && unsetEnv === undefined) return undefined;
  const variables = { ...before, ...readEnvFile(envFile), ...readPairs('--env', env ?? []) };
  for (const name of unsetEnv ?? []) delete variables[name];
  return variables;
}

/** The variables of a file such as `.env`; none where none is named. */
export function readEnvFile(file: string | undefined): Record<string, string> {
  if (file === undefined) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    throw usageFailure(`--env-file: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function readWhole(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(value)) throw usageFailure(`${flag}: "${value}" is not a whole number above zero.`);
  return Number(value);
}

function text(variables: Record<string, string> | undefined): string {
  return JSON.stringify(Object.entries(variables ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}
