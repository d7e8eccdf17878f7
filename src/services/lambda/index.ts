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
import type { OperationTable, Service, Unattended } from '../service.ts';
import { eventHandler } from './asynchronous/run-event.ts';
import { discard, followRuntime, recover, retireAndDiscard, settleMapping, settleVersion } from './background.ts';
import { CodeFolders } from './code-folders.ts';
import { openToOtherAccounts } from './cross-account.ts';
import { DownloadLinks } from './download-links.ts';
import { requestTooLarge } from './errors.ts';
import { serveDownload } from './http.ts';
import { latest, type VersionRecord } from './function-record.ts';
import type { Lambda, RoleTrust } from './lambda.ts';
import { serveUrl, type UrlParts } from './function-url/serve-url.ts';
import { LayerFolders } from './layer-folders.ts';
import { packagesOf } from './layer-record.ts';
import { limits } from './limits.ts';
import { addPermission } from './operations/add-permission.ts';
import { createAlias } from './operations/create-alias.ts';
import { createCodeSigningConfig } from './operations/create-code-signing-config.ts';
import { createEventSourceMapping } from './operations/create-event-source-mapping.ts';
import { createFunction } from './operations/create-function.ts';
import { createFunctionUrlConfig } from './operations/create-function-url-config.ts';
import { deleteAlias } from './operations/delete-alias.ts';
import { deleteCodeSigningConfig } from './operations/delete-code-signing-config.ts';
import { deleteEventSourceMapping } from './operations/delete-event-source-mapping.ts';
import { deleteFunctionCodeSigningConfig } from './operations/delete-function-code-signing-config.ts';
import { deleteFunctionConcurrency } from './operations/delete-function-concurrency.ts';
import { deleteFunction } from './operations/delete-function.ts';
import { deleteFunctionEventInvokeConfig } from './operations/delete-function-event-invoke-config.ts';
import { deleteFunctionUrlConfig } from './operations/delete-function-url-config.ts';
import { deleteProvisionedConcurrencyConfig } from './operations/delete-provisioned-concurrency-config.ts';
import { deleteResourcePolicy } from './operations/delete-resource-policy.ts';
import { getAccountSettings } from './operations/get-account-settings.ts';
import { getAlias } from './operations/get-alias.ts';
import { getCodeSigningConfig } from './operations/get-code-signing-config.ts';
import { getEventSourceMapping } from './operations/get-event-source-mapping.ts';
import { getFunctionCodeSigningConfig } from './operations/get-function-code-signing-config.ts';
import { getFunctionConcurrency } from './operations/get-function-concurrency.ts';
import { getFunction } from './operations/get-function.ts';
import { getFunctionConfiguration } from './operations/get-function-configuration.ts';
import { getFunctionEventInvokeConfig } from './operations/get-function-event-invoke-config.ts';
import { getFunctionUrlConfig } from './operations/get-function-url-config.ts';
import { getPolicy } from './operations/get-policy.ts';
import { getProvisionedConcurrencyConfig } from './operations/get-provisioned-concurrency-config.ts';
import { getResourcePolicy } from './operations/get-resource-policy.ts';
import { invoke } from './operations/invoke.ts';
import { invokeAsync } from './operations/invoke-async.ts';
import { listAliases } from './operations/list-aliases.ts';
import { listCodeSigningConfigs } from './operations/list-code-signing-configs.ts';
import { listEventSourceMappings } from './operations/list-event-source-mappings.ts';
import { listFunctionEventInvokeConfigs } from './operations/list-function-event-invoke-configs.ts';
import { listFunctionUrlConfigs } from './operations/list-function-url-configs.ts';
import { listFunctionsByCodeSigningConfig } from './operations/list-functions-by-code-signing-config.ts';
import { listFunctions } from './operations/list-functions.ts';
import { listProvisionedConcurrencyConfigs } from './operations/list-provisioned-concurrency-configs.ts';
import { listTags } from './operations/list-tags.ts';
import { listVersionsByFunction } from './operations/list-versions-by-function.ts';
import { publishVersion } from './operations/publish-version.ts';
import { putFunctionCodeSigningConfig } from './operations/put-function-code-signing-config.ts';
import { putFunctionConcurrency } from './operations/put-function-concurrency.ts';
import { putFunctionEventInvokeConfig } from './operations/put-function-event-invoke-config.ts';
import { putProvisionedConcurrencyConfig } from './operations/put-provisioned-concurrency-config.ts';
import { putResourcePolicy } from './operations/put-resource-policy.ts';
import { removePermission } from './operations/remove-permission.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateAlias } from './operations/update-alias.ts';
import { updateCodeSigningConfig } from './operations/update-code-signing-config.ts';
import { updateEventSourceMapping } from './operations/update-event-source-mapping.ts';
import { updateFunctionCode } from './operations/update-function-code.ts';
import { updateFunctionConfiguration } from './operations/update-function-configuration.ts';
import { getFunctionRecursionConfig } from './operations/get-function-recursion-config.ts';
import { getRuntimeManagementConfig } from './operations/get-runtime-management-config.ts';
import { invokeWithResponseStream } from './operations/invoke-with-response-stream.ts';
import { putFunctionRecursionConfig } from './operations/put-function-recursion-config.ts';
import { putRuntimeManagementConfig } from './operations/put-runtime-management-config.ts';
import { updateFunctionEventInvokeConfig } from './operations/update-function-event-invoke-config.ts';
import { addLayerVersionPermission } from './operations/add-layer-version-permission.ts';
import { deleteLayerVersion } from './operations/delete-layer-version.ts';
import { getLayerVersion } from './operations/get-layer-version.ts';
import { getLayerVersionByArn } from './operations/get-layer-version-by-arn.ts';
import { getLayerVersionPolicy } from './operations/get-layer-version-policy.ts';
import { listLayerVersions } from './operations/list-layer-versions.ts';
import { listLayers } from './operations/list-layers.ts';
import { publishLayerVersion } from './operations/publish-layer-version.ts';
import { removeLayerVersionPermission } from './operations/remove-layer-version-permission.ts';
import { updateFunctionUrlConfig } from './operations/update-function-url-config.ts';
import { Provisioning } from './provisioning.ts';
import type { Quotas } from './quotas.ts';
import { awsBandwidth } from './response-channel.ts';
import { pinnedVersionOf } from './runtime-management.ts';
import { openFunctionStore } from './store/index.ts';
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
  readonly operations: OperationTable<'lambda'>;
  /** Runtimes that functions have, most used first. */
  runtimesInUse(): Promise<string[]>;
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
  return openToOtherAccounts<LambdaService>(store, {
    name: 'lambda',
    operations: {
      AddLayerVersionPermission: addLayerVersionPermission(lambda),
      DeleteLayerVersion: deleteLayerVersion(lambda),
      GetLayerVersion: getLayerVersion(lambda),
      GetLayerVersionByArn: getLayerVersionByArn(lambda),
      GetLayerVersionPolicy: getLayerVersionPolicy(lambda),
      ListLayerVersions: listLayerVersions(lambda),
      ListLayers: listLayers(lambda),
      PublishLayerVersion: publishLayerVersion(lambda),
      RemoveLayerVersionPermission: removeLayerVersionPermission(lambda),
      AddPermission: addPermission(lambda),
      CreateAlias: createAlias(lambda),
      CreateCodeSigningConfig: createCodeSigningConfig(lambda),
      CreateEventSourceMapping: createEventSourceMapping(lambda),
      CreateFunction: createFunction(lambda),
      CreateFunctionUrlConfig: createFunctionUrlConfig(lambda),
      DeleteAlias: deleteAlias(lambda),
      DeleteCodeSigningConfig: deleteCodeSigningConfig(lambda),
      DeleteEventSourceMapping: deleteEventSourceMapping(lambda),
      DeleteFunction: deleteFunction(lambda),
      DeleteFunctionCodeSigningConfig: deleteFunctionCodeSigningConfig(lambda),
      DeleteFunctionConcurrency: deleteFunctionConcurrency(lambda),
      DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig(lambda),
      DeleteFunctionUrlConfig: deleteFunctionUrlConfig(lambda),
      DeleteProvisionedConcurrencyConfig: deleteProvisionedConcurrencyConfig(lambda),
      DeleteResourcePolicy: deleteResourcePolicy(lambda),
      GetAccountSettings: getAccountSettings(lambda),
      GetAlias: getAlias(lambda),
      GetCodeSigningConfig: getCodeSigningConfig(lambda),
      GetEventSourceMapping: getEventSourceMapping(lambda),
      GetFunction: getFunction(lambda),
      GetFunctionCodeSigningConfig: getFunctionCodeSigningConfig(lambda),
      GetFunctionConcurrency: getFunctionConcurrency(lambda),
      GetFunctionConfiguration: getFunctionConfiguration(lambda),
      GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(lambda),
      GetFunctionRecursionConfig: getFunctionRecursionConfig(lambda),
      GetFunctionUrlConfig: getFunctionUrlConfig(lambda),
      GetPolicy: getPolicy(lambda),
      GetProvisionedConcurrencyConfig: getProvisionedConcurrencyConfig(lambda),
      GetResourcePolicy: getResourcePolicy(lambda),
      GetRuntimeManagementConfig: getRuntimeManagementConfig(lambda),
      Invoke: invoke(lambda),
      InvokeAsync: invokeAsync(lambda),
      InvokeWithResponseStream: invokeWithResponseStream(lambda),
      ListAliases: listAliases(lambda),
      ListCodeSigningConfigs: listCodeSigningConfigs(lambda),
      ListEventSourceMappings: listEventSourceMappings(lambda),
      ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs(lambda),
      ListFunctionUrlConfigs: listFunctionUrlConfigs(lambda),
      ListFunctions: listFunctions(lambda),
      ListFunctionsByCodeSigningConfig: listFunctionsByCodeSigningConfig(lambda),
      ListProvisionedConcurrencyConfigs: listProvisionedConcurrencyConfigs(lambda),
      ListTags: listTags(lambda),
      ListVersionsByFunction: listVersionsByFunction(lambda),
      PublishVersion: publishVersion(lambda),
      PutFunctionCodeSigningConfig: putFunctionCodeSigningConfig(lambda),
      PutFunctionConcurrency: putFunctionConcurrency(lambda),
      PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig(lambda),
      PutFunctionRecursionConfig: putFunctionRecursionConfig(lambda),
      PutProvisionedConcurrencyConfig: putProvisionedConcurrencyConfig(lambda),
      PutResourcePolicy: putResourcePolicy(lambda),
      PutRuntimeManagementConfig: putRuntimeManagementConfig(lambda),
      RemovePermission: removePermission(lambda),
      TagResource: tagResource(lambda),
      UntagResource: untagResource(lambda),
      UpdateAlias: updateAlias(lambda),
      UpdateCodeSigningConfig: updateCodeSigningConfig(lambda),
      UpdateEventSourceMapping: updateEventSourceMapping(lambda),
      UpdateFunctionCode: updateFunctionCode(lambda),
      UpdateFunctionConfiguration: updateFunctionConfiguration(lambda),
      UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig(lambda),
      UpdateFunctionUrlConfig: updateFunctionUrlConfig(lambda),
    },
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
  });
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
