// SnapStart: which functions may have it, and how it shows.
import type { OperationsOf } from '../../contracts/index.ts';
import { invalidParameter } from './errors.ts';
import { type Configuration, latest } from './function-record.ts';

type Shown = NonNullable<OperationsOf<'lambda'>['GetFunctionConfiguration']['output']['SnapStart']>;

/** Java from 11, Python from 3.12, .NET from 8. https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html */
const runtimes = /^(java(1[1-9]|[2-9]\d)(\.al\d+)?|python3\.(1[2-9]|[2-9]\d)|dotnet([89]|[1-9]\d))$/;
const largestStorageMib = 512;

/** Throws InvalidParameterValueException when `configuration` asks for SnapStart and for something it excludes. */
export function checkSnapStart(configuration: Configuration): void {
  if (configuration.snapStart !== true) return;
  const obstacle = obstacleOf(configuration);
  if (obstacle !== undefined) throw invalidParameter(`${obstacle} is not supported for SnapStart enabled functions.`);
}

function obstacleOf(configuration: Configuration): string | undefined {
  if (configuration.packageType === 'Image') return 'ContainerImage';
  if (!runtimes.test(configuration.runtime)) return configuration.runtime;
  if (configuration.fileSystem !== undefined) return 'FileSystemConfigs';
  if (configuration.ephemeralStorageMib > largestStorageMib) return `EphemeralStorage above ${largestStorageMib} MB`;
  return configuration.tenancy === undefined ? undefined : 'TenancyConfig';
}

/** `$LATEST` shows the setting only; published versions show that it is on. */
export function showSnapStart({ snapStart }: Configuration, number: number): Shown {
  return {
    ApplyOn: snapStart === true ? 'PublishedVersions' : 'None',
    OptimizationStatus: snapStart === true && number !== latest ? 'On' : 'Off',
  };
}
