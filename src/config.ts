// Flags and environment variables to one frozen object: the only reader of process.env.
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(4566),
  dataDir: z.string().min(1).default('./.lambent'),
  isolation: z.enum(['auto', 'bubblewrap', 'process']).default('auto'),
  network: z.enum(['auto', 'none', 'nat', 'host']).default('auto'),
  /** Serve on an address that others can reach although requests are not authenticated. */
  insecure: z.boolean().default(false),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('warn'),
  /** How many interpreters of each runtime in use are started ahead of need. */
  prebooted: z.coerce.number().int().min(0).max(64).default(2),
  /** An environment without invocations ends after this time. */
  idleTimeoutSeconds: z.coerce.number().min(1).max(86_400).default(600),
  /** In milliseconds: what invocations are billed in. */
  billingGranularity: z.coerce
    .number()
    .pipe(z.literal([1, 100]))
    .default(1),
  /** MiB that all environments together may take; undefined for what the machine can spare. */
  maxMemory: z.coerce.number().int().min(64).optional(),
  /** What becomes of requests for higher quotas. */
  quotaPolicy: z.enum(['grant', 'hold']).default('grant'),
  /** Whether streamed responses go as slowly as on AWS. */
  responseBandwidth: z.enum(['unlimited', 'aws']).default('unlimited'),
  /** Where OpenTelemetry's collector listens for traces by HTTP, e.g. `http://localhost:4318`. */
  otlpEndpoint: z.url({ protocol: /^https?$/, error: 'expected a URL of HTTP' }).optional(),
  /** `name=value` pairs for it, as OTEL_EXPORTER_OTLP_HEADERS has them. */
  otlpHeaders: z.string().optional(),
  /** `ARN=FOLDER` for each file system that functions may mount. */
  fileSystems: z.array(z.string().regex(/^arn:[^=]+=./, 'expected ARN=FOLDER')).default([]),
  /** `ARN=FILE` for the certificate of each signing profile version whose signatures can be verified. */
  signingProfiles: z.array(z.string().regex(/^arn:[^=]+=./, 'expected ARN=FILE')).default([]),
});

export type Config = Readonly<
  Omit<z.infer<typeof schema>, 'fileSystems' | 'signingProfiles' | 'otlpEndpoint' | 'otlpHeaders'>
> & {
  /** Where traces are sent on to; undefined for nowhere. */
  readonly otlp: OtlpEndpoint | undefined;
  /** Absolute paths of folders by the ARNs that stand for them. */
  readonly fileSystems: Readonly<Record<string, string>>;
  /** By the ARNs of the signing profile versions that they stand for. */
  readonly signingProfiles: ReadonlyMap<string, X509Certificate>;
  /** The host's environment, for finding interpreters on PATH. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
};

export interface OtlpEndpoint {
  /** Where traces are posted to, e.g. `http://localhost:4318/v1/traces`. */
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** What was set cannot be used; `message` is for the person who set it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const loopback = new Set(['127.0.0.1', 'localhost', '::1']);

/** Flags win over `LAMBENT_…` variables, and these over the defaults. Throws ConfigError. */
export function readConfig(flags: Record<string, unknown>, environment = process.env): Config {
  const fromEnvironment = {
    host: environment['LAMBENT_HOST'],
    port: environment['LAMBENT_PORT'],
    dataDir: environment['LAMBENT_DATA_DIR'],
    isolation: environment['LAMBENT_ISOLATION'],
    network: environment['LAMBENT_NETWORK'],
    insecure: environment['LAMBENT_INSECURE'] === undefined ? undefined : environment['LAMBENT_INSECURE'] === '1',
    logLevel: environment['LAMBENT_LOG_LEVEL'],
    prebooted: environment['LAMBENT_PREBOOTED'],
    idleTimeoutSeconds: environment['LAMBENT_IDLE_TIMEOUT_SECONDS'],
    billingGranularity: environment['LAMBENT_BILLING_GRANULARITY'],
    maxMemory: environment['LAMBENT_MAX_MEMORY'],
    quotaPolicy: environment['LAMBENT_QUOTA_POLICY'],
    responseBandwidth: environment['LAMBENT_RESPONSE_BANDWIDTH'],
    otlpEndpoint: environment['LAMBENT_OTLP_ENDPOINT'] ?? environment['OTEL_EXPORTER_OTLP_ENDPOINT'],
    otlpHeaders: environment['LAMBENT_OTLP_HEADERS'] ?? environment['OTEL_EXPORTER_OTLP_HEADERS'],
    fileSystems: environment['LAMBENT_FILE_SYSTEMS']?.split(',').filter((entry) => entry !== ''),
    signingProfiles: environment['LAMBENT_SIGNING_PROFILES']?.split(',').filter((entry) => entry !== ''),
  };
  const given = { ...withoutUndefined(fromEnvironment), ...withoutUndefined(flags) };
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(problems.join('\n'));
  }
  const config = parsed.data;
  if (!loopback.has(config.host) && !config.insecure) {
    throw new ConfigError(
      `Requests are not authenticated yet: whoever reaches ${config.host} could run code here.\nKeep the default address, or say --host ${config.host} --insecure.`,
    );
  }
  const { otlpEndpoint, otlpHeaders, ...rest } = config;
  return Object.freeze({
    ...rest,
    otlp: readOtlp(otlpEndpoint, otlpHeaders),
    dataDir: resolve(config.dataDir),
    fileSystems: readFileSystems(config.fileSystems),
    signingProfiles: readCertificates(config.signingProfiles),
    hostEnvironment: { ...environment },
  });
}

/** The path of traces is put behind the endpoint. https://opentelemetry.io/docs/specs/otel/protocol/exporter */
function readOtlp(endpoint: string | undefined, headers = ''): OtlpEndpoint | undefined {
  if (endpoint === undefined) return undefined;
  const pairs = headers.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())]];
  });
  return { url: `${endpoint.replace(/\/$/, '')}/v1/traces`, headers: Object.fromEntries(pairs) };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new ConfigError(`otlpHeaders: ${value} is not encoded as part of a URL`);
  }
}

/** Throws ConfigError for a folder that is not there. */
function readFileSystems(entries: string[]): Record<string, string> {
  const folders: Record<string, string> = {};
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const folder = resolve(entry.slice(at + 1));
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new ConfigError(`fileSystems: ${folder} is no folder`);
    }
    folders[entry.slice(0, at)] = folder;
  }
  return folders;
}

/** Throws ConfigError for a file that holds no certificate in PEM or DER. */
function readCertificates(entries: string[]): Map<string, X509Certificate> {
  const certificates = new Map<string, X509Certificate>();
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const path = resolve(entry.slice(at + 1));
    try {
      certificates.set(entry.slice(0, at), new X509Certificate(readFileSync(path)));
    } catch (error) {
      throw new ConfigError(`signingProfiles: ${path} holds no certificate (${(error as Error).message})`);
    }
  }
  return certificates;
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
