// What is kept of a function: one record for itself, one for each version, $LATEST among them.
import type { AttachedLayer } from './layer-record.ts';

/** The code of a version; its package lies in the blobs under `sha256`. */
export interface CodeRecord {
  /** Lowercase hexadecimal. */
  sha256: string;
  zippedBytes: number;
  unzippedBytes: number;
  /** Of a container image, which has no package in the blobs; `sha256` is the image's digest. */
  image?: { uri: string; resolvedUri: string };
  /** Of a package whose signature was verified when it was deployed. */
  signature?: SignatureRecord;
  /** The key that the caller says its package is encrypted with at rest. */
  sourceKmsKey?: string;
}

export interface SignatureRecord {
  profileVersionArn: string;
  /** Of the job that signed it, if its signature names one. */
  jobArn?: string;
}

export interface VpcRecord {
  /** Both are empty once a function has left its VPC. */
  subnetIds: string[];
  securityGroupIds: string[];
  dualStack: boolean;
}

export interface ImageConfigRecord {
  entryPoint?: string[];
  command?: string[];
  workingDirectory?: string;
}

export interface FileSystemRecord {
  arn: string;
  /** e.g. `/mnt/data`. */
  mountPath: string;
}

/** What a caller sets of a function and a version freezes. */
export interface Configuration {
  /** Absent: a deployment package. */
  packageType?: 'Image';
  /** Empty for a container image, as is the handler. */
  runtime: string;
  role: string;
  handler: string;
  description: string;
  timeoutSeconds: number;
  memoryMib: number;
  ephemeralStorageMib: number;
  architecture: 'x86_64' | 'arm64';
  /** Absent when never given; empty when given empty. */
  variables?: Record<string, string>;
  /** In the order given: what a later one has wins. Absent for none. */
  layers?: AttachedLayer[];
  logging: {
    format: 'Text' | 'JSON';
    applicationLevel?: string;
    systemLevel?: string;
    /** Absent: the function's own group. */
    group?: string;
  };
  /** Absent when the function was never in a VPC. */
  vpc?: VpcRecord;
  fileSystem?: FileSystemRecord;
  imageConfig?: ImageConfigRecord;
  /** ARN of a queue or topic. */
  deadLetterTarget?: string;
  tracing?: 'Active';
  kmsKey?: string;
  snapStart?: true;
  tenancy?: 'PER_TENANT';
}

/** A status with its reason, as State and LastUpdateStatus have them. */
export interface Status {
  value: string;
  reason?: string;
  reasonCode?: string;
}

export interface VersionRecord {
  /** 0 is $LATEST. */
  number: number;
  configuration: Configuration;
  code: CodeRecord;
  runtimeVersionHash: string;
  /** Absent: the best build of the runtime serves it. Else the build of `runtimeVersionHash`, until an update or for good. */
  runtimeManagement?: 'FunctionUpdate' | 'Manual';
  /** Epoch milliseconds. */
  lastModified: number;
  revisionId: string;
  /** Changes whenever code or configuration is written: environments of another generation are outdated. */
  generation: string;
  state: Status;
  /** Absent while the function is being created. */
  lastUpdateStatus?: Status;
  /** Of a published version: the description that $LATEST had, which may not be its own. */
  latestDescription?: string;
}

export interface FunctionRecord {
  account: string;
  region: string;
  name: string;
  tags: Record<string, string>;
  /** Number of the version published last; they are never reused. */
  lastNumber: number;
}

export const latest = 0;

/** A version as AWS names it. */
export function versionName(number: number): string {
  return number === latest ? '$LATEST' : String(number);
}

export const creating: Status = { value: 'Pending', reason: 'The function is being created.', reasonCode: 'Creating' };
export const active: Status = { value: 'Active' };
export const updating: Status = {
  value: 'InProgress',
  reason: 'The function is being created.',
  reasonCode: 'Creating',
};
export const updated: Status = { value: 'Successful' };

/** Whether a version is neither being created nor being updated. */
export function isSettled({ state, lastUpdateStatus }: VersionRecord): boolean {
  return state.value !== 'Pending' && lastUpdateStatus?.value !== 'InProgress';
}
