// Whether this machine can run a function at all.
import { invalidRuntime } from './errors.ts';
import type { Configuration } from './function-record.ts';

/** How this machine calls its processor, in AWS's words. */
const hostArchitecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** Throws InvalidRuntimeException for a container image, and for code for another processor. */
export function checkRunnable({ packageType, architecture }: Configuration): void {
  if (packageType === 'Image') {
    throw invalidRuntime('The function is a container image, and this release of Lambent runs none.');
  }
  if (architecture !== hostArchitecture) {
    throw invalidRuntime(`The function is built for ${architecture}, and this machine is ${hostArchitecture}.`);
  }
}
