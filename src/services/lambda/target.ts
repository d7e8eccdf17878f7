// What the data plane is told of a version.
import type { FunctionTarget } from '../../execution/index.ts';
import { folderToMount } from './file-systems.ts';
import { functionArn } from './function-name.ts';
import { type VersionRecord, versionName } from './function-record.ts';
import type { Lambda } from './lambda.ts';
import { packagesOf } from './layer-record.ts';
import { pinnedVersionOf } from './runtime-management.ts';
import type { StoredVersion } from './store/index.ts';

type TargetParts = Pick<Lambda, 'code' | 'layerFolders' | 'fileSystems'>;

/** Targets follow from records alone, so one is made for each record that is in memory. */
const made = new WeakMap<VersionRecord, FunctionTarget>();

export function targetOf(stored: StoredVersion, lambda: TargetParts): FunctionTarget {
  let target = made.get(stored.version);
  if (target === undefined) {
    target = makeTarget(stored, lambda);
    made.set(stored.version, target);
  }
  return target;
}

function makeTarget(stored: StoredVersion, lambda: TargetParts): FunctionTarget {
  const { account, region, name, version } = stored;
  const { configuration } = version;
  const arn = functionArn(stored);
  return {
    id: targetId(stored),
    functionArn: arn,
    account,
    region,
    functionName: name,
    version: versionName(version.number),
    runtime: configuration.runtime,
    architecture: configuration.architecture,
    handler: configuration.handler,
    role: configuration.role,
    memoryMib: configuration.memoryMib,
    timeoutMs: configuration.timeoutSeconds * 1000,
    ephemeralStorageMib: configuration.ephemeralStorageMib,
    variables: configuration.variables ?? {},
    logging: {
      format: configuration.logging.format,
      group: configuration.logging.group ?? `/aws/lambda/${name}`,
      customGroup: configuration.logging.group !== undefined,
      applicationLevel: configuration.logging.applicationLevel ?? 'INFO',
      systemLevel: configuration.logging.systemLevel ?? 'INFO',
    },
    taskDir: lambda.code.pathOf(version.code.sha256),
    optDir: lambda.layerFolders.pathOf(packagesOf(configuration.layers)),
    fileSystem:
      configuration.fileSystem === undefined ? undefined : folderToMount(configuration.fileSystem, lambda.fileSystems),
    pinnedVersion: pinnedVersionOf(version),
    isTraced: configuration.tracing === 'Active',
  };
}

/** Changes with code and configuration, and with nothing else. */
export function targetId({ account, region, name, version }: StoredVersion): string {
  return `${account}/${region}/${name}/${version.number}/${version.generation}`;
}

/** The same function version for one tenant, who shares environments with nobody. */
export function forTenant(target: FunctionTarget, tenantId: string): FunctionTarget {
  return { ...target, id: `${target.id}/${tenantId}`, tenantId };
}

/** Whether `target` is of the version whose targets are named `id`, whoever its tenant. */
export function isTargetOf(target: FunctionTarget, id: string): boolean {
  return target.id === id || target.id.startsWith(`${id}/`);
}
