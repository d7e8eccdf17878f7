// Publishes a folder as a layer of a function: a new version when its content is another than that of the newest.
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { basename } from 'node:path';
import { usageFailure } from '../failure.ts';
import { sha256 } from './put-function.ts';

/** The layer that `folder` becomes for the function `functionName`. Throws a usage failure where it cannot be named. */
export function layerName(functionName: string, folder: string): string {
  const name = `${functionName}-${basename(folder)}`;
  if (!/^[\w-]{1,140}$/.test(name)) throw usageFailure(`--layer: "${basename(folder)}" cannot name a layer.`);
  return name;
}

/** The ARN of the version that holds `zip`. */
export async function putLayer(lambda: LambdaClient, name: string, zip: Buffer): Promise<string> {
  const sdk = await import('@aws-sdk/client-lambda');
  const { LayerVersions = [] } = await lambda.send(new sdk.ListLayerVersionsCommand({ LayerName: name, MaxItems: 1 }));
  const newest = LayerVersions[0];
  if (newest !== undefined) {
    const found = await lambda.send(
      new sdk.GetLayerVersionCommand({ LayerName: name, VersionNumber: newest.Version! }),
    );
    if (found.Content?.CodeSha256 === sha256(zip)) return newest.LayerVersionArn!;
  }
  const published = await lambda.send(
    new sdk.PublishLayerVersionCommand({ LayerName: name, Content: { ZipFile: zip } }),
  );
  return published.LayerVersionArn!;
}
