// Where the client commands send their requests, and as whom: as the SDK decides it, or else to the Lambent on this machine.
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Command } from 'commander';
import { Failure, usageFailure } from './failure.ts';

export interface ConnectionFlags {
  endpointUrl?: string;
  region?: string;
  profile?: string;
  json?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const localLambent = 'http://127.0.0.1:4566';
/** Lambent does not check signatures of keys that it does not know. */
const anyCredentials = { accessKeyId: '000000000000', secretAccessKey: 'lambent' };
const defaultRegion = 'us-east-1';

/** Gives a command the options that say where to send requests. */
export function withConnection(command: Command): Command {
  return command
    .option(
      '--endpoint-url <url>',
      `server to ask (default: AWS_ENDPOINT_URL; without AWS credentials ${localLambent})`,
    )
    .option('--region <region>', `region (default: AWS_REGION, the profile's, or ${defaultRegion} on Lambent)`)
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--json', 'print JSON for programs');
}

/** The profile's lines in the AWS configuration files. */
type Profile = Readonly<Record<string, string | undefined>>;

export class Connection {
  /** Base URL, or null for AWS itself. */
  readonly endpoint: string | null;
  readonly region: string | undefined;
  /** True when nothing said where to go, so that it is the Lambent on this machine. */
  readonly assumed: boolean;
  readonly #client: object;

  constructor(flags: ConnectionFlags, environment: Environment = process.env, profile: Profile = {}) {
    const configured = hasCredentials(flags, environment, profile);
    const named = flags.endpointUrl ?? environmentEndpoint(environment) ?? profile['endpoint_url'];
    if (named !== undefined && !URL.canParse(named)) {
      throw usageFailure(`"${named}" is not a URL: --endpoint-url and AWS_ENDPOINT_URL look like ${localLambent}.`);
    }
    this.assumed = named === undefined && !configured;
    this.endpoint = named ?? (configured ? null : localLambent);
    const region = flags.region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? profile['region'];
    this.region = region ?? (this.endpoint === null ? undefined : defaultRegion);
    // Variables may name another endpoint for each service, which the SDK looks up; what has no keys goes to one.
    const looksUp = configured && flags.endpointUrl === undefined && environmentEndpoint(environment) !== undefined;
    const endpoint = looksUp ? null : this.endpoint;
    this.#client = {
      ...(flags.profile === undefined ? {} : { profile: flags.profile }),
      ...(this.region === undefined ? {} : { region: this.region }),
      ...(endpoint === null ? {} : { endpoint }),
      ...(configured ? {} : { credentials: anyCredentials }),
    };
  }

  /** Reads the configuration files, too. */
  static async open(flags: ConnectionFlags): Promise<Connection> {
    return new Connection(flags, process.env, await readProfile(flags.profile));
  }

  /** Who is asked, for a person. */
  get where(): string {
    if (this.endpoint === null) return `AWS${this.region === undefined ? '' : ` in ${this.region}`}`;
    return `${this.endpoint}${this.region === undefined || this.region === defaultRegion ? '' : ` in ${this.region}`}`;
  }

  async lambda(options: { maxAttempts?: number } = {}): Promise<LambdaClient> {
    const { LambdaClient } = await import('@aws-sdk/client-lambda');
    return new LambdaClient({ ...this.#client, ...options });
  }

  async logs(): Promise<CloudWatchLogsClient> {
    const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
    return new CloudWatchLogsClient(this.#client);
  }

  async iam(): Promise<IAMClient> {
    const { IAMClient } = await import('@aws-sdk/client-iam');
    // IAM is one for all regions.
    return new IAMClient({ region: defaultRegion, ...this.#client });
  }

  /** What `operation` does, with the failures of connecting said in words. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    const code = networkCode(error);
    const options = { cause: error };
    if (code === 'ECONNREFUSED' && this.endpoint !== null) {
      const advice = 'start one with `lambent start`';
      return new Failure(code, `No Lambent answers on ${this.endpoint}: ${advice}.`, options);
    }
    if (code !== undefined) {
      return new Failure(code, `${this.endpoint ?? 'AWS'} cannot be reached (${code}).`, options);
    }
    if (/region is missing/i.test((error as Error).message ?? '')) {
      return new Failure('RegionMissing', 'No region is known: say --region, or set AWS_REGION.', options);
    }
    if ((error as Error).name === 'SyntaxError' || /Deserialization error/.test((error as Error).message ?? '')) {
      return new Failure('NotAws', `What answers on ${this.endpoint ?? 'AWS'} does not speak AWS's API.`, options);
    }
    return error;
  }
}

/** The first line of a command's output on stderr, so that nobody works on the wrong server. */
export function sayWhere(connection: Connection, flags: ConnectionFlags): void {
  if (flags.json === true || !process.stderr.isTTY) return;
  console.error(
    connection.assumed ? `On Lambent at ${connection.where} (no AWS credentials are set).` : `On ${connection.where}.`,
  );
}

/** Throws Failure when a profile is named that is not there. */
async function readProfile(name: string | undefined): Promise<Profile> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const wanted = name ?? process.env['AWS_PROFILE'] ?? 'default';
  const profile = { ...configFile[wanted], ...credentialsFile[wanted] };
  if (name !== undefined && Object.keys(profile).length === 0) {
    throw new Failure('ProfileMissing', `There is no profile "${name}" in the AWS configuration files.`);
  }
  return profile;
}

function environmentEndpoint(environment: Environment): string | undefined {
  if (environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  return environment['AWS_ENDPOINT_URL_LAMBDA'] || environment['AWS_ENDPOINT_URL'] || undefined;
}

const credentialVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];
const credentialLines = /^(aws_access_key_id|sso_|role_arn|credential_process|login_session|web_identity_token_file)/;

/** Whether the SDK's chain would find an identity. A machine's own role is left out: asking for it takes seconds. */
function hasCredentials(flags: ConnectionFlags, environment: Environment, profile: Profile): boolean {
  if (flags.profile !== undefined || credentialVariables.some((name) => environment[name])) return true;
  return Object.keys(profile).some((line) => credentialLines.test(line));
}

const networkCodes = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

function networkCode(error: unknown): string | undefined {
  for (let at = error as { code?: string; cause?: unknown; errors?: unknown[] } | undefined; at; ) {
    if (at.code !== undefined && networkCodes.includes(at.code)) return at.code;
    at = (at.cause ?? at.errors?.[0]) as typeof at;
  }
  return undefined;
}
