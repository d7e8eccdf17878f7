// Functions that are container images: their code's URI, and what a configuration may say of them.
import { createHash } from 'node:crypto';
import type { OperationsOf } from '../../contracts/index.ts';
import { invalidParameter } from './errors.ts';
import type { CodeRecord, ImageConfigRecord } from './function-record.ts';

type Input = NonNullable<OperationsOf<'lambda'>['UpdateFunctionConfiguration']['input']['ImageConfig']>;
type Shown = NonNullable<OperationsOf<'lambda'>['GetFunctionConfiguration']['output']['ImageConfigResponse']>;

const imageUri =
  /^(\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::([\w][\w.-]{0,127}))?(?:@sha256:([0-9a-f]{64}))?$/;

/**
 * The code that an image's URI names. What lies in the registry is not looked up: the digest of a tag is one made of the
 * URI. Throws InvalidParameterValueException for what is no tag or digest of an ECR repository.
 */
export function readImage(uri: string): CodeRecord {
  const [, repository, tag, digest] = imageUri.exec(uri) ?? [];
  if (repository === undefined || (tag === undefined && digest === undefined)) {
    throw invalidParameter(`Source image ${uri} is not valid. Provide a valid source image.`);
  }
  const sha256 = digest ?? createHash('sha256').update(uri).digest('hex');
  return { sha256, zippedBytes: 0, unzippedBytes: 0, image: { uri, resolvedUri: `${repository}@sha256:${sha256}` } };
}

/** Undefined when `input` sets nothing: an empty ImageConfig takes the settings off. */
export function readImageConfig({ EntryPoint, Command, WorkingDirectory }: Input): ImageConfigRecord | undefined {
  const record: ImageConfigRecord = {
    ...(EntryPoint === undefined || EntryPoint.length === 0 ? {} : { entryPoint: EntryPoint }),
    ...(Command === undefined || Command.length === 0 ? {} : { command: Command }),
    ...(WorkingDirectory === undefined || WorkingDirectory === '' ? {} : { workingDirectory: WorkingDirectory }),
  };
  return Object.keys(record).length === 0 ? undefined : record;
}

export function showImageConfig({ entryPoint, command, workingDirectory }: ImageConfigRecord): Shown {
  return {
    ImageConfig: {
      ...(entryPoint === undefined ? {} : { EntryPoint: entryPoint }),
      ...(command === undefined ? {} : { Command: command }),
      ...(workingDirectory === undefined ? {} : { WorkingDirectory: workingDirectory }),
    },
  };
}

/** The settings that only functions with a deployment package have. */
interface PackageSettings {
  Runtime?: string | undefined;
  Handler?: string | undefined;
  Layers?: string[] | undefined;
}

/** Throws InvalidParameterValueException for settings of a deployment package. */
export function refusePackageSettings({ Runtime, Handler, Layers }: PackageSettings): void {
  if (Runtime === undefined && Handler === undefined && !Layers?.length) return;
  throw invalidParameter(
    "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
  );
}
