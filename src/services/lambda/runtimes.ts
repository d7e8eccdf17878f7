// Which runtime identifiers Lambda knows, https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html.
import { invalidParameter } from './errors.ts';

/** In the order in which AWS's error text lists them. */
export const creatable = [
  'nodejs20.x',
  'provided.al2023',
  'python3.12',
  'python3.13',
  'nodejs24.x',
  'java17',
  'nodejs16.x',
  'dotnet8',
  'python3.10',
  'java11',
  'python3.11',
  'dotnet6',
  'java21',
  'nodejs18.x',
  'provided.al2',
  'ruby3.3',
  'ruby3.4',
  'java8.al2',
  'java25',
  'ruby3.2',
  'python3.8',
  'python3.9',
  'nodejs22.x',
  'python3.14',
];

/**
 * Accepted, and not in that text: what AWS has added since it was recorded, and `provided`, which AWS blocks, though a custom
 * runtime brings all that it needs.
 */
const acceptedBesides = new Set(['provided', 'java17.al2023', 'java11.al2023', 'java8.al2023', 'dotnet10', 'ruby4.0']);

const blocked = new Set([
  'java8',
  'go1.x',
  'ruby2.5',
  'ruby2.7',
  'nodejs',
  'nodejs4.3',
  'nodejs4.3-edge',
  'nodejs6.10',
  'nodejs8.10',
  'nodejs10.x',
  'nodejs12.x',
  'nodejs14.x',
  'python2.7',
  'python3.6',
  'python3.7',
  'dotnetcore1.0',
  'dotnetcore2.0',
  'dotnetcore2.1',
  'dotnetcore3.1',
]);

/** Throws InvalidParameterValueException unless functions may be created with `runtime`. */
export function checkRuntime(runtime: string): void {
  if (acceptedBesides.has(runtime) || creatable.includes(runtime)) return;
  if (blocked.has(runtime)) {
    throw invalidParameter(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  }
  throw invalidParameter(
    `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${creatable.join(', ')}] or be a valid ARN`,
  );
}
