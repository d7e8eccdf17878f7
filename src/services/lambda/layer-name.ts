// The forms in which a request may name a layer or one of its versions, and their ARNs.
import { formatArn } from '../../core/arn.ts';
import type { Caller } from '../service.ts';
import { resourceNotFound } from './errors.ts';
import type { LayerKey } from './store/index.ts';

export interface LayerVersionName extends LayerKey {
  number: number;
}

const layerArnForm = /^arn:[^:]+:lambda:([^:]+):(\d{12}):layer:([a-zA-Z0-9-_]+)$/;
const versionArnForm = /^arn:[^:]+:lambda:([^:]+):(\d{12}):layer:([a-zA-Z0-9-_]+):(\d+)$/;

/** The layer that a name or an ARN means. Throws ResourceNotFoundException for another region. */
export function resolveLayerName(name: string, caller: Caller): LayerKey {
  const match = layerArnForm.exec(name);
  if (match === null) return { account: caller.account, region: caller.region, name };
  const [, region, account, bare] = match as unknown as [string, string, string, string];
  if (region !== caller.region) {
    throw resourceNotFound(`Layers from '${region}' are not reachable in this region ('${caller.region}')`);
  }
  return { account, region, name: bare };
}

/** The parts of a layer version's ARN; undefined for what is none, e.g. one of the layers that AWS itself brings. */
export function parseLayerVersionArn(arn: string): LayerVersionName | undefined {
  const match = versionArnForm.exec(arn);
  if (match === null) return undefined;
  const [, region, account, name, number] = match as unknown as [string, string, string, string, string];
  return { account, region, name, number: Number(number) };
}

export function layerArn({ account, region, name }: LayerKey): string {
  return formatArn('lambda', region, account, `layer:${name}`);
}

export function layerVersionArn(key: LayerKey, number: number): string {
  return `${layerArn(key)}:${number}`;
}
