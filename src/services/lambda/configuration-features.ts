// The settings of a function beside its runtime and its limits: where it is connected, what it mounts, what becomes of
// its failures.
import type { OperationsOf } from '../../contracts/index.ts';
import { readImageConfig } from './container-image.ts';
import { checkDeadLetterTarget } from './dead-letter.ts';
import { invalidParameter, settingNotBuilt } from './errors.ts';
import { checkFileSystem, type FileSystemFolders, readFileSystem } from './file-systems.ts';
import type { Configuration } from './function-record.ts';
import { isInVpc, readVpc } from './vpc-config.ts';

type Input = Pick<
  OperationsOf<'lambda'>['UpdateFunctionConfiguration']['input'],
  | 'VpcConfig'
  | 'FileSystemConfigs'
  | 'DeadLetterConfig'
  | 'TracingConfig'
  | 'KMSKeyArn'
  | 'SnapStart'
  | 'ImageConfig'
  | 'CapacityProviderConfig'
  | 'DurableConfig'
>;

type Feature = 'vpc' | 'fileSystem' | 'deadLetterTarget' | 'tracing' | 'kmsKey' | 'snapStart' | 'imageConfig';

/** `current` with what `input` sets and without what it takes off. Throws InvalidParameterValueException. */
export function applyFeatures(current: Configuration, input: Input, folders: FileSystemFolders): Configuration {
  if (input.CapacityProviderConfig !== undefined) throw settingNotBuilt('CapacityProviderConfig');
  if (input.DurableConfig !== undefined) throw settingNotBuilt('DurableConfig');
  const changes: { [K in Feature]?: Configuration[K] | undefined } = {};
  if (input.VpcConfig !== undefined) changes.vpc = readVpc(current.vpc, input.VpcConfig);
  if (input.FileSystemConfigs !== undefined) changes.fileSystem = readFileSystem(input.FileSystemConfigs, folders);
  if (input.DeadLetterConfig?.TargetArn !== undefined) {
    changes.deadLetterTarget = readDeadLetterTarget(input.DeadLetterConfig.TargetArn);
  }
  if (input.TracingConfig?.Mode !== undefined) {
    changes.tracing = input.TracingConfig.Mode === 'Active' ? 'Active' : undefined;
  }
  if (input.KMSKeyArn !== undefined) changes.kmsKey = input.KMSKeyArn === '' ? undefined : input.KMSKeyArn;
  if (input.SnapStart?.ApplyOn !== undefined) {
    changes.snapStart = input.SnapStart.ApplyOn === 'PublishedVersions' ? true : undefined;
  }
  if (input.ImageConfig !== undefined) {
    if (current.packageType !== 'Image') {
      throw invalidParameter("Please don't provide ImageConfig when the intended function PackageType is Zip.");
    }
    changes.imageConfig = readImageConfig(input.ImageConfig);
  }
  const next = { ...current, ...changes };
  checkFileSystem(next.fileSystem, current.fileSystem, isInVpc(next.vpc));
  return withoutUndefined(next);
}

function readDeadLetterTarget(target: string): string | undefined {
  if (target === '') return undefined;
  checkDeadLetterTarget(target);
  return target;
}

/** A setting taken off leaves no member behind: published versions are compared with $LATEST member by member. */
function withoutUndefined(configuration: { [K in keyof Configuration]: Configuration[K] | undefined }): Configuration {
  return Object.fromEntries(
    Object.entries(configuration).filter(([, value]) => value !== undefined),
  ) as unknown as Configuration;
}
