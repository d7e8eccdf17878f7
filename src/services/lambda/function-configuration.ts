// A version as FunctionConfiguration shows it, with AWS's defaults and omissions.
import type { OperationsOf } from '../../contracts/index.ts';
import { showImageConfig } from './container-image.ts';
import { functionArn } from './function-name.ts';
import { type CodeRecord, type Configuration, type Status, versionName } from './function-record.ts';
import { runtimeVersionArn } from './runtime-management.ts';
import { showSnapStart } from './snap-start.ts';
import type { StoredVersion } from './store/index.ts';
import { showVpc } from './vpc-config.ts';

export type FunctionConfiguration = OperationsOf<'lambda'>['GetFunctionConfiguration']['output'];

export interface ShowOptions {
  /** The qualifier to append to the ARN; absent for an unqualified one. */
  arnQualifier?: string | undefined;
  /** ListFunctions leaves states and the runtime version out. */
  brief?: boolean;
}

export function showConfiguration(stored: StoredVersion, options: ShowOptions = {}): FunctionConfiguration {
  const { version } = stored;
  const { configuration, code } = version;
  const isImage = configuration.packageType === 'Image';
  return {
    FunctionName: stored.name,
    FunctionArn: functionArn(stored, options.arnQualifier),
    ...(isImage
      ? {}
      : { Runtime: configuration.runtime as FunctionConfiguration['Runtime'], Handler: configuration.handler }),
    Role: configuration.role,
    CodeSize: code.zippedBytes,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMib,
    LastModified: formatLastModified(version.lastModified),
    CodeSha256: shownCodeHash(code),
    Version: versionName(version.number),
    ...(configuration.variables === undefined ? {} : { Environment: { Variables: configuration.variables } }),
    ...showFeatures(stored),
    TracingConfig: { Mode: configuration.tracing ?? 'PassThrough' },
    RevisionId: version.revisionId,
    ...(options.brief === true ? {} : showStates(version.state, version.lastUpdateStatus)),
    PackageType: configuration.packageType ?? 'Zip',
    Architectures: [configuration.architecture],
    EphemeralStorage: { Size: configuration.ephemeralStorageMib },
    SnapStart: showSnapStart(configuration, version.number),
    ...(options.brief === true || isImage
      ? {}
      : {
          RuntimeVersionConfig: {
            RuntimeVersionArn: runtimeVersionArn(stored.region, version.runtimeVersionHash),
          },
        }),
    LoggingConfig: showLogging(stored.name, configuration.logging),
  };
}

/** What is shown only of functions that have it. */
function showFeatures({ version, ...key }: StoredVersion): Partial<FunctionConfiguration> {
  const { vpc, layers, fileSystem, deadLetterTarget, kmsKey, imageConfig, tenancy } = version.configuration;
  const { signature } = version.code;
  return {
    ...(vpc === undefined ? {} : { VpcConfig: showVpc(vpc, key) }),
    ...(layers === undefined
      ? {}
      : { Layers: layers.map(({ arn, code }) => ({ Arn: arn, CodeSize: code.zippedBytes })) }),
    ...(fileSystem === undefined
      ? {}
      : { FileSystemConfigs: [{ Arn: fileSystem.arn, LocalMountPath: fileSystem.mountPath }] }),
    ...(deadLetterTarget === undefined ? {} : { DeadLetterConfig: { TargetArn: deadLetterTarget } }),
    ...(kmsKey === undefined ? {} : { KMSKeyArn: kmsKey }),
    ...(imageConfig === undefined ? {} : { ImageConfigResponse: showImageConfig(imageConfig) }),
    ...(signature === undefined ? {} : { SigningProfileVersionArn: signature.profileVersionArn }),
    ...(signature?.jobArn === undefined ? {} : { SigningJobArn: signature.jobArn }),
    ...(tenancy === undefined ? {} : { TenancyConfig: { TenantIsolationMode: tenancy } }),
  };
}

/** The hash of a package in base64, or the digest of an image as the registry writes it. */
export function shownCodeHash({ sha256, image }: CodeRecord): string {
  return image === undefined ? Buffer.from(sha256, 'hex').toString('base64') : sha256;
}

function showStates(state: Status, update: Status | undefined): Partial<FunctionConfiguration> {
  const shown: Record<string, string> = { State: state.value };
  if (state.reason !== undefined) shown['StateReason'] = state.reason;
  if (state.reasonCode !== undefined) shown['StateReasonCode'] = state.reasonCode;
  if (update !== undefined) {
    shown['LastUpdateStatus'] = update.value;
    if (update.reason !== undefined) shown['LastUpdateStatusReason'] = update.reason;
    if (update.reasonCode !== undefined) shown['LastUpdateStatusReasonCode'] = update.reasonCode;
  }
  return shown as Partial<FunctionConfiguration>;
}

function showLogging(
  name: string,
  logging: Configuration['logging'],
): NonNullable<FunctionConfiguration['LoggingConfig']> {
  return {
    LogFormat: logging.format,
    ...(logging.applicationLevel === undefined ? {} : { ApplicationLogLevel: logging.applicationLevel as 'INFO' }),
    ...(logging.systemLevel === undefined ? {} : { SystemLogLevel: logging.systemLevel as 'INFO' }),
    LogGroup: logging.group ?? `/aws/lambda/${name}`,
  };
}

/** `2026-01-31T12:00:00.000+0000`. */
export function formatLastModified(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+0000');
}
