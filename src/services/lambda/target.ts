// What the data plane is told of a version.
import type { FunctionTarget } from '../../execution/index.ts';
import type { CodeFolders } from './code-folders.ts';
import { functionArn } from './function-name.ts';
import { type VersionRecord, versionName } from './function-record.ts';
import type { StoredVersion } from './store/index.ts';

/** Targets follow from records alone, so one is made for each record that is in memory. */
const made = new WeakMap<VersionRecord, FunctionTarget>();

export function targetOf(stored: StoredVersion, code: CodeFolders): FunctionTarget {
  let target = made.get(stored.version);
  if (target === undefined) {
    target = makeTarget(stored, code);
    made.set(stored.version, target);
  }
  return target;
}

function makeTarget(stored: StoredVersion, code: CodeFolders): FunctionTarget {
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
    taskDir: code.pathOf(version.code.sha256),
    optDir: null,
  };
}

/** Changes with code and configuration, and with nothing else. */
export function targetId({ account, region, name, version }: StoredVersion): string {
  return `${account}/${region}/${name}/${version.number}/${version.generation}`;
}
