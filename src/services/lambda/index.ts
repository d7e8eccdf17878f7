// The door of Lambda.
import { createHash, type X509Certificate } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { EventSources } from '../../event-sources/index.ts';
import {
  buildForFunction,
  type EventQueue,
  type Execution,
  type FunctionTarget,
  InterpreterMissingError,
  type PinnedVersion,
  type ResolvedRuntime,
} from '../../execution/index.ts';
import type { Blobs, Database } from '../../storage/index.ts';
import type { Service, Unattended } from '../service.ts';
import { eventHandler } from './asynchronous/run-event.ts';
import { discard, followRuntime, recover, retireAndDiscard, settleMapping, settleVersion } from './background.ts';
import { CodeFolders } from './code-folders.ts';
import { DownloadLinks } from './download-links.ts';
import { requestTooLarge } from './errors.ts';
import { serveDownload } from './http.ts';
import { latest, type VersionRecord } from './function-record.ts';
import type { Lambda, RoleTrust } from './lambda.ts';
import { serveUrl, type UrlParts } from './function-url/serve-url.ts';
import { LayerFolders } from './layer-folders.ts';
import { packagesOf } from './layer-record.ts';
import { limits } from './limits.ts';
import { Provisioning } from './provisioning.ts';
import type { Quotas } from './quotas.ts';
import { awsBandwidth } from './response-channel.ts';
import { pinnedVersionOf } from './runtime-management.ts';
import { openFunctionStore, type RuntimeInUse } from './store/index.ts';
import { isTargetOf, targetId, targetOf } from './target.ts';
import type { Tracing } from './tracing.ts';

export {
  type AsyncMetric,
  LambdaMetrics,
  type MappingMetric,
  type MeasuredFunction,
} from './metrics.ts';
export { lambdaQuotas } from './quotas.ts';
export type { RoleTrust } from './lambda.ts';

export interface LambdaParts {
  database: Database;
  blobs: Blobs;
  /** Host folder for unpacked code. */
  codeFolder: string;
  /** Host folder for layers laid over each other. */
  layerFolder: string;
  /** Signs download links. */
  key: Buffer;
  execution: Execution;
  /** Where asynchronous invocations wait; the service starts it. */
  events: EventQueue;
  metrics: Lambda['metrics'];
  /** How records of asynchronous invocations reach other services. */
  unattended: Unattended;
  /** Base URL of this server. */
  endpoint(): string;
  tracing: Tracing;
  eventSources: EventSources;
  quotas: Quotas;
  /** `aws`: as fast as AWS lets streamed responses go; `unlimited`: as fast as they can. */
  responseBandwidth: 'aws' | 'unlimited';
  /** Folders that functions may mount, by the ARNs that stand for them. */
  fileSystems: Readonly<Record<string, string>>;
  /** By the ARNs of the signing profile versions that they stand for. */
  signingCertificates: ReadonlyMap<string, X509Certificate>;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** The interpreter for a runtime; rejects with InterpreterMissingError. May take as long as fetching one. */
  resolveRuntime(runtime: string, pinned?: PinnedVersion): Promise<ResolvedRuntime>;
  /** Keeps interpreters of this build ready from now on. */
  prepareRuntime(build: ResolvedRuntime): void;
  roleTrust(roleArn: string): Promise<RoleTrust>;
  /** Who signed a request to a function URL; undefined when nobody did, or not rightly. */
  signedCaller: UrlParts['callerOf'];
}

export interface LambdaService extends Service<'lambda'> {
  /** Runtimes that functions have, most used first. */
  runtimesInUse(): Promise<RuntimeInUse[]>;
  /** What runs of the version `$LATEST` of a function; undefined when there is none. */
  latestTarget(key: { account: string; region: string; name: string }): Promise<FunctionTarget | undefined>;
  /** Lets the functions that follow their runtime tell the version of `build`. */
  followRuntime(build: ResolvedRuntime): Promise<void>;
}

export async function openLambda(parts: LambdaParts): Promise<LambdaService> {
  const store = await openFunctionStore(parts.database);
  const code = new CodeFolders(parts.codeFolder, parts.blobs, store.packages);
  const layerFolders = new LayerFolders(parts.layerFolder, code, store.layers);
  const downloads = new DownloadLinks(parts.key, parts.clock);
  const background = {
    ...{ ...parts, store, code, layerFolders },
    prepareFunction: (version: VersionRecord) => prepareFunction(version, parts),
  };
  const provisioning = new Provisioning(background);
  const lambda: Lambda = {
    store,
    code,
    layerFolders,
    downloads,
    execution: parts.execution,
    events: parts.events,
    metrics: parts.metrics,
    tracing: parts.tracing,
    eventSources: parts.eventSources,
    quotas: parts.quotas,
    responseBandwidth: parts.responseBandwidth === 'aws' ? awsBandwidth : undefined,
    fileSystems: parts.fileSystems,
    signingCertificates: parts.signingCertificates,
    runtimeVersionHash: (runtime) => prepareAndHash(runtime, parts),
    async pinRuntimeVersion(runtime, versionHash) {
      parts.prepareRuntime(await parts.resolveRuntime(runtime, { versionHash, strict: true }));
    },
    roleTrust: parts.roleTrust,
    settle: (key) => void settleVersion(key, background),
    settleMapping: (key) => void settleMapping(key, background),
    reprovision: (key) => provisioning.follow(key),
    outdate(stored) {
      provisioning.follow(stored);
      const id = targetId(stored);
      const { code, configuration } = stored.version;
      const packages = [code.sha256, ...packagesOf(configuration.layers)];
      void retireAndDiscard((target) => isTargetOf(target, id), packages, background);
    },
    forget({ account, region, name }, codeHashes) {
      provisioning.follow({ account, region, name });
      const isOutdated = (target: { account: string; region: string; functionName: string }) =>
        target.account === account && target.region === region && target.functionName === name;
      void retireAndDiscard(isOutdated, codeHashes, background);
    },
    abandon: (codeHashes) => void discard(codeHashes, background),
  };
  const urls = { lambda, clock: parts.clock, ids: parts.ids, log: parts.log, callerOf: parts.signedCaller };
  return {
    name: 'lambda',
    operations: async () => (await import('./operations/index.ts')).operationsOf(lambda),
    unvalidated: {
      CreateEventSourceMapping: ['startingPosition'],
      CreateFunction: ['runtime'],
      CreateFunctionUrlConfig: ['invokeMode'],
      ListLayers: ['compatibleRuntime'],
      ListLayerVersions: ['compatibleRuntime'],
      PublishLayerVersion: ['compatibleArchitectures', 'compatibleRuntimes'],
      UpdateFunctionConfiguration: ['runtime'],
      UpdateFunctionUrlConfig: ['invokeMode'],
    },
    bodyLimit: (operation) => bodyLimit(operation ?? ''),
    http: (request, response) => serveUrl(request, response, urls) || serveDownload(request, response, downloads, code),
    async start() {
      await recover(background);
      await provisioning.begin();
      await parts.events.start(eventHandler(lambda, parts));
    },
    runtimesInUse: () => store.runtimesInUse(),
    async latestTarget(key) {
      const version = await store.version({ ...key, number: latest });
      if (version === undefined) return undefined;
      await code.ensure(version.code.sha256);
      await layerFolders.ensure(packagesOf(version.configuration.layers));
      return targetOf({ ...key, number: latest, version }, lambda);
    },
    followRuntime: ({ runtime, versionHash }) => followRuntime(runtime, versionHash, background),
  };
}

/** A function may be created for a runtime that this machine cannot run yet: its version is then as unknown as it is. */
async function prepareAndHash(runtime: string, parts: LambdaParts): Promise<string> {
  try {
    const build = await parts.resolveRuntime(runtime);
    // A JVM is kept ready for a size of memory, which is known once the function is settled.
    if (build.family !== 'java') parts.prepareRuntime(build);
    return build.versionHash;
  } catch (error) {
    if (!(error instanceof InterpreterMissingError)) throw error;
    return createHash('sha256').update(runtime).digest('hex');
  }
}

async function prepareFunction(version: VersionRecord, parts: LambdaParts): Promise<void> {
  const { runtime, memoryMib, variables = {} } = version.configuration;
  try {
    const build = await parts.resolveRuntime(runtime, pinnedVersionOf(version));
    parts.prepareRuntime(buildForFunction(build, { memoryMib, variables }));
  } catch (error) {
    if (!(error instanceof InterpreterMissingError)) parts.log.error({ err: error, runtime }, 'nothing is kept ready');
  }
}

/** Operations whose name in AWS's text is not that of the contract. */
const namesInTexts: Record<string, string> = { Invoke: 'InvokeFunction' };

function bodyLimit(operation: string): { bytes: number; error: () => Error } {
  const bytes =
    operation === 'Invoke' || operation === 'InvokeAsync' ? limits.invokeRequestBytes : limits.controlRequestBytes;
  const name = namesInTexts[operation] ?? operation;
  return {
    bytes,
    error: () => requestTooLarge(`Request must be smaller than ${bytes} bytes for the ${name} operation`),
  };
}
