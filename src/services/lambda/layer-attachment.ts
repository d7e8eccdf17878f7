// The layers that a function is to have: found, allowed, no two of one kind, and small enough together with its code.
import type { Caller } from '../service.ts';
import { invalidParameter } from './errors.ts';
import type { CodeRecord, Configuration } from './function-record.ts';
import { parseLayerVersionArn } from './layer-name.ts';
import type { AttachedLayer } from './layer-record.ts';
import { checkLayerAccess, layerDenied } from './layer-version.ts';
import { limits } from './limits.ts';
import type { FunctionTransaction } from './store/index.ts';

/**
 * `configuration` with the layers that a request names; without any when it names none, as it is when it says nothing.
 * Called within the change that stores it, so that no layer is deleted in between.
 */
export async function withLayers(
  configuration: Configuration,
  arns: readonly string[] | undefined,
  layers: FunctionTransaction['layers'],
  caller: Caller,
): Promise<Configuration> {
  if (arns === undefined) return configuration;
  const { layers: _, ...rest } = configuration;
  if (arns.length === 0) return rest;
  if (arns.length > limits.layersPerFunction) {
    throw invalidParameter(`Cannot reference more than ${limits.layersPerFunction} layers.`);
  }
  const attached: AttachedLayer[] = [];
  for (const arn of arns) {
    const layer = await findLayer(arn, layers, caller);
    const twin = attached.find((other) => layerOf(other.arn) === layerOf(arn));
    if (twin !== undefined) {
      throw invalidParameter(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${twin.arn} and ${arn} are versions of the same layer.`,
      );
    }
    attached.push(layer);
  }
  return { ...rest, layers: attached };
}

/** Throws InvalidParameterValueException when code and layers together unpack to more than a function may have. */
export function checkUnpackedSize(code: CodeRecord, layers: readonly AttachedLayer[] | undefined): void {
  const ofLayers = (layers ?? []).reduce((sum, layer) => sum + layer.code.unzippedBytes, 0);
  if (ofLayers > limits.unzippedBytes) {
    throw invalidParameter(`Layers consume more than the available size of ${limits.unzippedBytes} bytes`);
  }
  const together = code.unzippedBytes + ofLayers;
  if (together > limits.unzippedBytes) {
    throw invalidParameter(
      `Function code combined with layers exceeds the maximum allowed size of ${limits.unzippedBytes} bytes. The actual size is ${together} bytes.`,
    );
  }
}

async function findLayer(arn: string, layers: FunctionTransaction['layers'], caller: Caller): Promise<AttachedLayer> {
  const named = parseLayerVersionArn(arn);
  // A layer that AWS itself brings: none of those are here.
  if (named === undefined) throw layerMissing(arn);
  if (named.region !== caller.region) {
    if (named.account !== caller.account) throw layerDenied(caller, 'GetLayerVersion', arn);
    throw invalidParameter(
      `Layers are not in the same region as the function. Layers are expected to be in region ${caller.region}.`,
    );
  }
  const version = await layers.get(named, named.number);
  checkLayerAccess(named, named.number, version, caller);
  if (version === undefined) throw layerMissing(arn);
  return { arn, code: version.code };
}

function layerMissing(arn: string): Error {
  return invalidParameter(`Layer version ${arn} does not exist.`);
}

function layerOf(versionArn: string): string {
  return versionArn.slice(0, versionArn.lastIndexOf(':'));
}
