// What the operations of Lambda work with.
import type { X509Certificate } from 'node:crypto';
import type { OperationsOf } from '../../contracts/index.ts';
import type { EventSources } from '../../event-sources/index.ts';
import type { EventQueue, Execution } from '../../execution/index.ts';
import type { OperationOf } from '../service.ts';
import type { CodeFolders } from './code-folders.ts';
import type { DownloadLinks } from './download-links.ts';
import type { FileSystemFolders } from './file-systems.ts';
import type { LayerFolders } from './layer-folders.ts';
import type { LambdaMetrics } from './metrics.ts';
import type { Quotas } from './quotas.ts';
import type { Bandwidth } from './response-channel.ts';
import type { Tracing } from './tracing.ts';
import type { FunctionKey, FunctionStore, StoredMapping, StoredVersion, VersionKey } from './store/index.ts';

/** Whether IAM holds a role, and whether it lets a service assume it. */
export type RoleTrust = 'no such role' | 'trusted' | 'not trusted';

export interface Lambda {
  store: FunctionStore;
  code: CodeFolders;
  layerFolders: LayerFolders;
  downloads: DownloadLinks;
  execution: Execution;
  /** Where asynchronous invocations wait. */
  events: EventQueue;
  metrics: Pick<LambdaMetrics, 'asynchronous'>;
  tracing: Tracing;
  eventSources: EventSources;
  quotas: Quotas;
  /** How fast responses may be streamed; undefined for as fast as they can. */
  responseBandwidth: Bandwidth | undefined;
  fileSystems: FileSystemFolders;
  /** By the ARNs of the signing profile versions that they stand for. */
  signingCertificates: ReadonlyMap<string, X509Certificate>;
  /** Hash that ends the runtime version ARN of the interpreter that serves `runtime`. */
  runtimeVersionHash(runtime: string): Promise<string>;
  /** Resolves when that build of `runtime` is installed here; else rejects with InterpreterMissingError. */
  pinRuntimeVersion(runtime: string, versionHash: string): Promise<void>;
  /** Whether `lambda.amazonaws.com` may assume a role, by its ARN. */
  roleTrust(roleArn: string): Promise<RoleTrust>;
  /** Settles a version that is Pending or being updated, on its own clock. */
  settle(key: VersionKey): void;
  /** Brings an event source mapping to where it is on its way to, on the service's own clock. */
  settleMapping(key: Omit<StoredMapping, 'record'>): void;
  /** Keeps what the provisioned concurrency of a function, its versions and its aliases now ask for. */
  reprovision(key: FunctionKey): void;
  /** Ends the environments of a version that was replaced or deleted, and its code and layers if nothing else has them. */
  outdate(stored: StoredVersion): void;
  /** The same for all versions of a function that was deleted. */
  forget(key: FunctionKey, codeHashes: readonly string[]): void;
  /** Clears packages away that no function version and no layer version needs. */
  abandon(codeHashes: readonly string[]): void;
}

export type LambdaOperation<O extends keyof OperationsOf<'lambda'>> = OperationOf<'lambda', O>;
