// Which build of its runtime serves a version: the best one, the one of its last update, or one that was named.
import type { PinnedVersion } from '../../execution/index.ts';
import { invalidParameter } from './errors.ts';
import type { VersionRecord } from './function-record.ts';

/** e.g. `arn:aws:lambda:eu-west-1::runtime:` and 64 hexadecimal digits. */
export function runtimeVersionArn(region: string, versionHash: string): string {
  return `arn:aws:lambda:${region}::runtime:${versionHash}`;
}

/** The hash that ends a runtime version's ARN. Throws InvalidParameterValueException for the ARN of another region. */
export function versionHashOf(arn: string, region: string): string {
  const hash = arn.slice(arn.lastIndexOf(':') + 1);
  if (arn !== runtimeVersionArn(region, hash)) {
    throw invalidParameter(`The runtime version ${arn} is not one of this region ('${region}').`);
  }
  return hash;
}

/** What the data plane is told; undefined: whichever build is best. */
export function pinnedVersionOf({ runtimeManagement, runtimeVersionHash }: VersionRecord): PinnedVersion | undefined {
  if (runtimeManagement === undefined) return undefined;
  return { versionHash: runtimeVersionHash, strict: runtimeManagement === 'Manual' };
}

/** As GetRuntimeManagementConfig has it: the ARN only where it was named. */
export function showRuntimeManagement(version: VersionRecord, region: string) {
  return {
    UpdateRuntimeOn: version.runtimeManagement ?? 'Auto',
    ...(version.runtimeManagement === 'Manual'
      ? { RuntimeVersionArn: runtimeVersionArn(region, version.runtimeVersionHash) }
      : {}),
  } as const;
}
