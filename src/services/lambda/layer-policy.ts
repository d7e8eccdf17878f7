// The layer version that an operation on its policy is about.
import type { Caller } from '../service.ts';
import { resourceNotFound } from './errors.ts';
import { layerVersionArn, resolveLayerName } from './layer-name.ts';
import type { LayerVersionRecord } from './layer-record.ts';
import { checkLayerOwner, checkLayerVersionNumber, namedLayerVersionNotFound } from './layer-version.ts';
import type { FunctionTransaction, LayerKey } from './store/index.ts';

export const noLayerPolicy = () => resourceNotFound('No policy is associated with the given resource.');

/** Throws ResourceNotFoundException; AccessDeniedException for another account's, whatever its policy says. */
export async function findOwnLayerVersion(
  layers: FunctionTransaction['layers'],
  input: { LayerName?: string | undefined; VersionNumber?: number | undefined },
  caller: Caller,
  action: string,
): Promise<{ key: LayerKey; arn: string; version: LayerVersionRecord }> {
  const number = input.VersionNumber!;
  checkLayerVersionNumber(number);
  const key = resolveLayerName(input.LayerName!, caller);
  const arn = layerVersionArn(key, number);
  checkLayerOwner(key, caller, action, arn);
  const version = await layers.get(key, number);
  if (version === undefined) throw namedLayerVersionNotFound(arn);
  return { key, arn, version };
}
