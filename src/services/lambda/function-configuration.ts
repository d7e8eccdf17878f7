// A version as FunctionConfiguration shows it, with AWS's defaults and omissions.
import type { OperationsOf } from '../../contracts/index.ts';
import { functionArn } from './function-name.ts';
import { type Configuration, type Status, versionName } from './function-record.ts';
import type { StoredVersion } from './store/index.ts';

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
  return {
    FunctionName: stored.name,
    FunctionArn: functionArn(stored, options.arnQualifier),
    Runtime: configuration.runtime as FunctionConfiguration['Runtime'],
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: code.zippedBytes,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMib,
    LastModified: formatLastModified(version.lastModified),
    CodeSha256: Buffer.from(code.sha256, 'hex').toString('base64'),
    Version: versionName(version.number),
    ...(configuration.variables === undefined ? {} : { Environment: { Variables: configuration.variables } }),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: version.revisionId,
    ...(options.brief === true ? {} : showStates(version.state, version.lastUpdateStatus)),
    PackageType: 'Zip',
    Architectures: [configuration.architecture],
    EphemeralStorage: { Size: configuration.ephemeralStorageMib },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    ...(options.brief === true
      ? {}
      : {
          RuntimeVersionConfig: {
            RuntimeVersionArn: `arn:aws:lambda:${stored.region}::runtime:${version.runtimeVersionHash}`,
          },
        }),
    LoggingConfig: showLogging(stored.name, configuration.logging),
  };
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
function formatLastModified(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '+0000');
}
