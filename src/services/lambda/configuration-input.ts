// Reads a function's settings from CreateFunction and UpdateFunctionConfiguration, and judges what the contract cannot.
import type { OperationsOf } from '../../contracts/index.ts';
import { applyFeatures } from './configuration-features.ts';
import { refusePackageSettings } from './container-image.ts';
import { invalidParameter, settingNotBuilt, validationFailed } from './errors.ts';
import type { Configuration } from './function-record.ts';
import { limits } from './limits.ts';
import type { Lambda } from './lambda.ts';
import { checkRuntime } from './runtimes.ts';
import { checkSnapStart } from './snap-start.ts';

type CreateInput = OperationsOf<'lambda'>['CreateFunction']['input'];
type UpdateInput = OperationsOf<'lambda'>['UpdateFunctionConfiguration']['input'];
/** The settings that both operations take. */
type Settings = Omit<UpdateInput, 'FunctionName' | 'RevisionId'>;

/** Variables of the platform that a customer may not set; those that may be replaced are not among them. */
const reservedKeys = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** The settings of a new function. */
export async function readNewConfiguration(input: CreateInput, lambda: Lambda): Promise<Configuration> {
  checkPackageType(input);
  if (input.PublishTo !== undefined) throw settingNotBuilt('PublishTo');
  const base: Configuration = {
    ...(input.PackageType === 'Image' ? { packageType: 'Image' } : {}),
    runtime: input.Runtime ?? '',
    role: input.Role!,
    handler: input.Handler ?? '',
    description: input.Description ?? '',
    timeoutSeconds: 3,
    memoryMib: 128,
    ephemeralStorageMib: 512,
    architecture: (input.Architectures?.[0] ?? 'x86_64') as Configuration['architecture'],
    logging: { format: 'Text' },
    ...(input.TenancyConfig === undefined ? {} : { tenancy: 'PER_TENANT' }),
  };
  return applySettings(base, input, lambda);
}

/** What the two kinds of packages need and exclude. */
function checkPackageType(input: CreateInput): void {
  const imageUri = input.Code?.ImageUri;
  if (input.PackageType === 'Image') {
    refusePackageSettings(input);
    if (imageUri === undefined) {
      throw invalidParameter('Please provide ImageUri when creating a function with packageType Image.');
    }
    return;
  }
  if (imageUri !== undefined && input.Runtime !== undefined) {
    throw invalidParameter("Please don't provide ImageUri when creating a function with packageType Zip.");
  }
  if (input.Runtime === undefined || input.Handler === undefined) {
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
}

/** `current` with what `input` sets. */
export function readChangedConfiguration(
  current: Configuration,
  input: UpdateInput,
  lambda: Lambda,
): Promise<Configuration> {
  return applySettings(current, input, lambda);
}

async function applySettings(current: Configuration, input: Settings, lambda: Lambda): Promise<Configuration> {
  if (current.packageType === 'Image') refusePackageSettings(input);
  checkQuotas(input);
  if (input.Runtime !== undefined) checkRuntime(input.Runtime);
  if (input.Role !== undefined) await checkRole(input.Role, lambda);
  const variables = input.Environment === undefined ? current.variables : (input.Environment.Variables ?? {});
  if (input.Environment !== undefined) checkVariables(variables ?? {});
  const changed: Configuration = {
    ...current,
    runtime: input.Runtime ?? current.runtime,
    role: input.Role ?? current.role,
    handler: input.Handler ?? current.handler,
    description: input.Description ?? current.description,
    timeoutSeconds: input.Timeout ?? current.timeoutSeconds,
    memoryMib: input.MemorySize ?? current.memoryMib,
    ephemeralStorageMib: input.EphemeralStorage?.Size ?? current.ephemeralStorageMib,
    ...(variables === undefined ? {} : { variables }),
    logging: input.LoggingConfig === undefined ? current.logging : readLogging(current.logging, input.LoggingConfig),
  };
  const configuration = applyFeatures(changed, input, lambda.fileSystems);
  checkSnapStart(configuration);
  return configuration;
}

/** The model's own bounds are wider: they hold for Managed Instances. */
function checkQuotas({ Timeout, MemorySize, EphemeralStorage }: Settings): void {
  if (Timeout !== undefined && Timeout > limits.timeoutSeconds) {
    throw validationFailed(Timeout, 'timeout', limits.timeoutSeconds);
  }
  if (MemorySize !== undefined && MemorySize > limits.memoryMib) {
    throw invalidParameter(
      `'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to ${limits.memoryMib}`,
    );
  }
  if (EphemeralStorage !== undefined && EphemeralStorage.Size! > limits.ephemeralStorageMib) {
    throw validationFailed(EphemeralStorage.Size!, 'ephemeralStorage.size', limits.ephemeralStorageMib);
  }
}

async function checkRole(role: string, lambda: Lambda): Promise<void> {
  if ((await lambda.roleTrust(role)) === 'not trusted') {
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
  }
}

function checkVariables(variables: Record<string, string>): void {
  const reserved = Object.keys(variables).filter((key) => reservedKeys.has(key));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > limits.environmentBytes) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
    );
  }
}

function readLogging(
  current: Configuration['logging'],
  input: NonNullable<Settings['LoggingConfig']>,
): Configuration['logging'] {
  const format = input.LogFormat ?? current.format;
  if (format === 'Text' && (input.ApplicationLogLevel !== undefined || input.SystemLogLevel !== undefined)) {
    throw invalidParameter(
      'To define a log level for your function, you must use the JSON log format. Set LogFormat to JSON to use log levels.',
    );
  }
  const group = input.LogGroup ?? current.group;
  return {
    format,
    ...(format === 'JSON'
      ? {
          applicationLevel: input.ApplicationLogLevel ?? current.applicationLevel ?? 'INFO',
          systemLevel: input.SystemLogLevel ?? current.systemLevel ?? 'INFO',
        }
      : {}),
    ...(group === undefined ? {} : { group }),
  };
}
