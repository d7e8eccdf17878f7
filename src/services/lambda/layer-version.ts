// A layer version as the operations find it, show it, and let other accounts use it.
import type { OperationsOf } from '../../contracts/index.ts';
import type { Caller } from '../service.ts';
import type { DownloadLinks } from './download-links.ts';
import { accessDenied, invalidParameter, resourceNotFound } from './errors.ts';
import { formatLastModified } from './function-configuration.ts';
import { layerArn, layerVersionArn } from './layer-name.ts';
import type { LayerVersionRecord } from './layer-record.ts';
import type { PolicyDocument, Statement } from './resource-policy.ts';
import type { LayerKey } from './store/index.ts';

type ShownLayerVersion = OperationsOf<'lambda'>['GetLayerVersion']['output'];
type ListedLayerVersion = NonNullable<OperationsOf<'lambda'>['ListLayerVersions']['output']['LayerVersions']>[number];

/** Throws InvalidParameterValueException for a number that no version can have. */
export function checkLayerVersionNumber(number: number): void {
  if (number < 1) throw invalidParameter('Layer Version Cannot be less than 1');
}

export const layerVersionNotFound = () => resourceNotFound('The resource you requested does not exist.');

export const namedLayerVersionNotFound = (arn: string) => resourceNotFound(`Layer version ${arn} does not exist.`);

/** A layer version with its content, which can be downloaded below `endpoint` for ten minutes. */
export function showLayerVersion(
  key: LayerKey,
  version: LayerVersionRecord,
  downloads: DownloadLinks,
  endpoint: string,
): ShownLayerVersion {
  const { code } = version;
  return {
    Content: {
      Location: downloads.make(endpoint, code.sha256),
      CodeSha256: Buffer.from(code.sha256, 'hex').toString('base64'),
      CodeSize: code.zippedBytes,
    },
    LayerArn: layerArn(key),
    ...listLayerVersion(key, version),
  };
}

/** A layer version as the lists show it. */
export function listLayerVersion(key: LayerKey, version: LayerVersionRecord): ListedLayerVersion {
  return {
    LayerVersionArn: layerVersionArn(key, version.number),
    Version: version.number,
    Description: version.description,
    CreatedDate: formatLastModified(version.created),
    ...(version.runtimes === undefined
      ? {}
      : { CompatibleRuntimes: version.runtimes as NonNullable<ListedLayerVersion['CompatibleRuntimes']> }),
    ...(version.architectures === undefined
      ? {}
      : {
          CompatibleArchitectures: version.architectures as NonNullable<ListedLayerVersion['CompatibleArchitectures']>,
        }),
    ...(version.licenseInfo === undefined ? {} : { LicenseInfo: version.licenseInfo }),
  };
}

/** Throws AccessDeniedException for a layer of another account, whatever an operation wants of it. */
export function checkLayerOwner(key: LayerKey, caller: Caller, action: string, resource: string): void {
  if (key.account !== caller.account) throw layerDenied(caller, action, resource);
}

/** Throws AccessDeniedException unless the caller's account has the layer version, or its policy lets that account in. */
export function checkLayerAccess(
  key: LayerKey,
  number: number,
  version: LayerVersionRecord | undefined,
  caller: Caller,
): void {
  if (key.account === caller.account || allows(version?.policy?.document, caller.account)) return;
  throw layerDenied(caller, 'GetLayerVersion', layerVersionArn(key, number));
}

/** What the caller may not see does not even tell whether it is there. */
export function layerDenied(caller: Caller, action: string, resource: string): Error {
  return accessDenied(
    `User: ${caller.arn} is not authorized to perform: lambda:${action} on resource: ${resource} because no resource-based policy allows the lambda:${action} action`,
  );
}

function allows(policy: PolicyDocument | undefined, account: string): boolean {
  return policy?.Statement.some((statement) => admits(statement, account)) ?? false;
}

/** Statements on an organization admit nobody: accounts here are in none. */
function admits({ Principal, Condition }: Statement, account: string): boolean {
  if (Condition !== undefined) return false;
  if (Principal === '*') return true;
  const accounts = Principal['AWS'];
  const list = typeof accounts === 'string' ? [accounts] : (accounts ?? []);
  return list.some((principal) => principal.split(':')[4] === account && principal.endsWith(':root'));
}
