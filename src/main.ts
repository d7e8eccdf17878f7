// The composition root: the only file that knows every part. Starts a server and stops it.
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Config } from './config.ts';
import { parseArn } from './core/arn.ts';
import { type Clock, steadyClock, systemClock } from './core/clock.ts';
import { randomIds } from './core/ids.ts';
import { createLogger, type Logger } from './core/logger.ts';
import { openDataFolder } from './data-folder.ts';
import { EventSources } from './event-sources/index.ts';
import {
  buildForFunction,
  EventQueue,
  Execution,
  findInterpreters,
  type FunctionTarget,
  type Interpreters,
  PrebootedPool,
  startingOptions,
} from './execution/index.ts';
import {
  type CallerDirectory,
  createHttpServer,
  debugProtocols,
  Gateway,
  listen,
  type OwnEndpoints,
  ServiceTable,
  signedCaller,
} from './gateway/index.ts';
import { openMetering } from './metering/index.ts';
import { createSandboxDriver, type Enforcement } from './sandbox/index.ts';
import { openCloudWatch, processGauges } from './services/cloudwatch/index.ts';
import { createIam, type Iam, openIam, roleIdOf, roleTrusts, userOfAccessKey } from './services/iam/index.ts';
import { LambdaMetrics, lambdaQuotas, type LambdaService, openLambda } from './services/lambda/index.ts';
import { measureLogs, openLogs } from './services/logs/index.ts';
import { openServiceQuotas } from './services/service-quotas/index.ts';
import { openSqs, unitOf } from './services/sqs/index.ts';
import { createSts, roleSessionIdentity, SessionCredentialIssuer } from './services/sts/index.ts';
import { DaemonDoor, openXRay } from './services/xray/index.ts';
import { openFilesystemBlobs, openSqlite } from './storage/index.ts';

export const version: string = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).version;

/** How long an environment runs on after an invocation before it is frozen: a hot function never pays for thawing. */
const freezeAfterMs = 100;
/** How long running invocations may take to finish when the server stops. */
const drainLimitMs = 10_000;
/** Credentials of execution roles live as long as AWS's longest sessions. */
const roleCredentialsMs = 12 * 3_600_000;
/** Runtimes whose interpreters are started with the server, before any function asks for them. */
const runtimesFromStart = ['nodejs24.x'];
/** How many runtimes of stored functions are kept pre-booted from the start. */
const runtimesKeptWarm = 4;
/** And for how many sizes of memory, where an interpreter is started for one size. */
const sizesKeptWarm = 4;

export interface LambentServer {
  /** Base URL, e.g. `http://127.0.0.1:4566`. */
  url: string;
  dataDir: string;
  enforcement: Enforcement;
  /** What all environments together may take. */
  memoryMib: number;
  interpreters: Interpreters;
  /** Finishes what runs, stores what is held, and ends every process. Idempotent. */
  stop(): Promise<void>;
}

/** Starts everything; `notify` gets sentences for the person who waits. Rejects with nothing left running. */
export async function startServer(config: Config, notify: (sentence: string) => void): Promise<LambentServer> {
  const undo: (() => Promise<void> | void)[] = [];
  try {
    return await start(config, notify, undo);
  } catch (error) {
    await takeDown(undo, () => {});
    throw error;
  }
}

/** Undoes what was started, the latest first, and all of it whatever fails on the way: a full disk must leave no sandboxes. */
async function takeDown(undo: (() => Promise<void> | void)[], onFailure: (error: unknown) => void): Promise<void> {
  for (const step of undo.reverse()) {
    try {
      await step();
    } catch (error) {
      onFailure(error);
    }
  }
}

async function start(
  config: Config,
  notify: (sentence: string) => void,
  undo: (() => Promise<void> | void)[],
): Promise<LambentServer> {
  const log = createLogger(config.logLevel);
  const clock = systemClock;
  const ids = randomIds;

  const folder = openDataFolder(config.dataDir);
  undo.push(() => folder.release());
  const open = (name: string, durability: 'full' | 'normal') => {
    const opened = openSqlite(join(folder.path, `${name}.sqlite`), { durability });
    undo.push(() => opened.close());
    return opened;
  };
  const database = open('lambent', 'full');
  const logDatabase = open('logs', 'normal');
  const queueDatabase = open('queues', 'full');
  const eventDatabase = open('events', 'full');
  const metricDatabase = open('metrics', 'normal');
  const traceDatabase = open('traces', 'normal');
  const usageDatabase = open('usage', 'normal');
  const blobs = await openFilesystemBlobs(join(folder.path, 'blobs'));
  await mkdir(join(folder.path, 'code'), { recursive: true });

  const issuer = new SessionCredentialIssuer(folder.key, ids);
  const iam = await openIam(database);
  const startedAt = clock.now();
  const cloudWatch = await openCloudWatch({
    database: metricDatabase,
    resources: database,
    callAs: (call) => services.callUnattended(call),
    gauges: () => [...processGauges(startedAt), ...environmentGauges()],
    clock,
    ids,
    log,
  });
  const logs = await openLogs({
    database: logDatabase,
    clock,
    ids,
    log,
    onEvents: ({ account, region, group, messages }) => {
      cloudWatch.takeLogEvents(account, region, messages);
      measureLogs(cloudWatch.metrics, account, region, group, messages, clock.now());
    },
    async invoke({ account, region, functionArn, payload }) {
      const call = services.callUnattended({ account, region });
      await call('lambda', 'Invoke', { FunctionName: functionArn, InvocationType: 'Event', Payload: payload });
    },
  });
  const sqs = await openSqs({
    database: queueDatabase,
    clock: steadyClock(clock),
    ids,
    log,
    onMetric: ({ account, region, queueName, metric, value }) => {
      const dimensions = [['QueueName', queueName]] as const;
      cloudWatch.metrics.add(account, region, 'AWS/SQS', metric, dimensions, unitOf(metric), value, clock.now());
    },
  });
  const xray = await openXRay({ database: traceDatabase, resources: database, clock, ids, log, otlp: config.otlp });
  const { meter, bill } = await openMetering({ database: usageDatabase, clock, log });
  undo.push(() => meter.stop());
  const lambdaMetrics = new LambdaMetrics(cloudWatch.metrics);

  let url = 'http://127.0.0.1';
  const services = new ServiceTable({ clock, ids, log, endpoint: () => url });
  const callers: CallerDirectory = {
    roleSession: (token) => issuer.read(token),
    user: (accessKeyId) => userOfAccessKey(iam, accessKeyId),
    secret: async (accessKeyId, token) =>
      token === undefined
        ? (await userOfAccessKey(iam, accessKeyId))?.secret
        : issuer.read(token) && issuer.secretOf(accessKeyId),
  };
  const gateway = new Gateway({ services, callers, clock, ids, log });
  const ownEndpoints: OwnEndpoints = {
    '/_lambent/health': () => health(),
    '/_lambent/bill': (query) => {
      meter.countProvisioned(execution.concurrency());
      return bill(query);
    },
  };
  /** Connections from inside of sandboxes. */
  const fromFunctions = new WeakSet<Duplex>();
  const ownProtocols = debugProtocols({
    isFromFunction: (socket) => fromFunctions.has(socket),
    debugging: () => execution.debugging,
    start: async (key) => {
      const target = await lambda.latestTarget(key);
      if (target !== undefined) await execution.startDebugged(target);
    },
    end: (session) => execution.endDebugging(session),
    log,
  });
  const httpServer = createHttpServer(gateway, services, ownEndpoints, ownProtocols, log);

  const interpreters = findInterpreters({ dataDir: folder.path, env: config.hostEnvironment, onProgress: notify });
  const tracingDaemon = new DaemonDoor((as) => services.callUnattended(as), log);
  const { isolation, network } = config;
  const driver = await createSandboxDriver({ isolation, network, instance: folder.instance, logger: log });
  undo.push(() => driver.close());
  const pool = new PrebootedPool(driver, poolOptions(config), clock, ids, log);
  const starting = startingOptions(config.maxMemory);
  const execution = new Execution({
    pool,
    clock,
    ids,
    logs: logs.sink,
    resolveRuntime: (runtime, pinned) => interpreters.resolve(runtime, pinned),
    credentialsOf: (target) => roleCredentials(target, issuer, iam),
    acceptFromFunction: (socket) => {
      fromFunctions.add(socket);
      httpServer.emit('connection', socket);
    },
    acceptSegments: (target, datagram) => xray.receive(target, datagram, target.functionName),
    acceptSamplingRequests: (target, socket) => tracingDaemon.serve(target, socket),
    onFinished: (finished) => {
      meter.count(finished);
      lambdaMetrics.invocationFinished(finished);
    },
    freezeAfterMs,
    billingGranularity: config.billingGranularity,
    idleTimeoutMs: config.idleTimeoutSeconds * 1000,
    starting,
  });
  undo.push(() => execution.close(0));
  const events: EventQueue = await EventQueue.open({
    database: eventDatabase,
    clock,
    log,
    yields: () => execution.running > events.running,
  });
  undo.push(() => events.close(0));

  undo.push(
    everyMinute(clock, () => {
      const snapshot = execution.concurrency();
      meter.countProvisioned(snapshot);
      lambdaMetrics.sample(snapshot, clock.now());
      sqs.measureQueues().catch((error) => log.error({ err: error }, 'queues could not be measured'));
    }),
  );

  const serviceQuotas = await openServiceQuotas({
    database,
    clock,
    log,
    catalogue: [{ code: 'lambda', name: 'AWS Lambda', quotas: lambdaQuotas }],
    policy: config.quotaPolicy,
  });
  const eventSources = new EventSources({
    call: (as) => services.callUnattended(as),
    clock,
    log,
    metrics: {
      add: ({ account, region, uuid }, metric, value) =>
        lambdaMetrics.mapping(account, region, uuid, metric, value, clock.now()),
    },
  });
  const lambda = await openLambda({
    database,
    blobs,
    codeFolder: join(folder.path, 'code'),
    layerFolder: join(folder.path, 'layers'),
    key: folder.key,
    execution,
    events,
    metrics: lambdaMetrics,
    unattended: (call) => services.callUnattended(call),
    endpoint: () => url,
    tracing: { sample: xray.sample, putSegments: xray.putSegments },
    eventSources,
    quotas: { value: (account, region, code) => serviceQuotas.value('lambda', account, region, code) },
    responseBandwidth: config.responseBandwidth,
    signedCaller: (request) => signedCaller(request, callers, clock.now()),
    fileSystems: mountable(config, driver.enforcement, notify),
    signingCertificates: config.signingProfiles,
    clock,
    ids,
    log,
    resolveRuntime: (runtime, pinned) => interpreters.resolve(runtime, pinned),
    prepareRuntime: (build) => pool.want(build),
    roleTrust: (arn) => roleTrusts(iam, arn, 'lambda.amazonaws.com'),
  });
  const built = [
    createSts({ issuer }),
    createIam(iam),
    cloudWatch.service,
    logs.service,
    sqs,
    serviceQuotas.service,
    xray.service,
    lambda,
  ];
  // Work that starts with a service may call any other.
  for (const service of built) services.add(service);
  for (const service of built) {
    await service.start?.();
    undo.push(async () => service.stop?.());
  }

  const environmentGauges = () => {
    const { running, environments, idle } = execution.counts();
    return [
      { name: 'lambent_invocations_running', help: 'Invocations that run.', value: running },
      { name: 'lambent_environments', help: 'Execution environments.', value: environments },
      { name: 'lambent_environments_idle', help: 'Execution environments without an invocation.', value: idle },
    ];
  };
  const health = () => ({
    status: 'running',
    version,
    isolation: driver.enforcement.isolation,
    network: driver.enforcement.network,
    services: [...services].map((service) => service.name),
    execution: execution.counts(),
  });
  const port = await listen(httpServer, config.host, config.port);
  undo.push(() => closeHttp(httpServer));
  url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  eventSources.open();
  undo.push(() => eventSources.close());
  void warmUp(lambda, interpreters, pool, log);

  /** Events go on while they may: what is cut off runs again after the next start. */
  const drain = async () => {
    const startedAt = clock.monotonic();
    await events.close(drainLimitMs);
    await execution.close(Math.max(0, drainLimitMs - (clock.monotonic() - startedAt)));
  };
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    httpServer.close();
    httpServer.closeIdleConnections();
    await Promise.all([eventSources.close(), drain()]);
    await takeDown(undo, (error) => log.error({ err: error }, 'a part of the server could not store what it held'));
  };
  return {
    url,
    dataDir: folder.path,
    enforcement: driver.enforcement,
    memoryMib: starting.memoryMib,
    interpreters,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Calls `sample` each minute until the returned function is called. */
function everyMinute(clock: Clock, sample: () => void): () => void {
  let cancel = () => {};
  const wait = () => {
    cancel = clock.after(60_000, () => {
      sample();
      wait();
    });
  };
  wait();
  return () => cancel();
}

/** Only isolated functions can be shown a folder at a path of their own. */
function mountable(config: Config, { isolation }: Enforcement, notify: (sentence: string) => void) {
  if (isolation === 'bubblewrap' || Object.keys(config.fileSystems).length === 0) return config.fileSystems;
  notify('File systems are not mounted, since functions are not isolated here');
  return {};
}

function poolOptions(config: Config) {
  return { minReady: config.prebooted, maxReady: Math.max(16, config.prebooted), maxBooting: 4 };
}

/** A session's name has two characters or more: AWS lengthens the name of a function that has one. */
const sessionNameOf = (functionName: string) =>
  functionName.length === 1 ? `${functionName}@lambda_function` : functionName;

async function roleCredentials(target: FunctionTarget, issuer: SessionCredentialIssuer, iam: Iam) {
  const role = parseArn(target.role)!;
  const { AccessKeyId, SecretAccessKey, SessionToken } = issuer.issue(
    roleSessionIdentity(role, sessionNameOf(target.functionName), await roleIdOf(iam, target.role)),
    systemClock.now() + roleCredentialsMs,
  );
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** Loads Lambda's operations and starts interpreters for the runtimes that functions have: the first invocation must not wait. */
async function warmUp(
  lambda: LambdaService,
  interpreters: Interpreters,
  pool: PrebootedPool,
  log: Logger,
): Promise<void> {
  await lambda.operations();
  const inUse = (await lambda.runtimesInUse()).slice(0, runtimesKeptWarm);
  const fromStart = runtimesFromStart.filter((runtime) => !inUse.some((other) => other.runtime === runtime));
  for (const { runtime, memorySizes } of [...inUse, ...fromStart.map(ofAnySize)]) {
    try {
      const build = await interpreters.resolve(runtime);
      for (const memoryMib of memorySizes.slice(0, sizesKeptWarm)) {
        pool.want(buildForFunction(build, { memoryMib, variables: {} }));
      }
      await lambda.followRuntime(build);
    } catch (error) {
      log.warn({ err: error, runtime }, 'no environments are kept ready');
    }
  }
}

const ofAnySize = (runtime: string) => ({ runtime, memorySizes: [128] });

function closeHttp(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
