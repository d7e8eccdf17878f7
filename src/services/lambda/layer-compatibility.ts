// Which runtimes and architectures a layer may be said to be for, judged in AWS's words for these lists.
import { loadContract } from '../../contracts/index.ts';
import { validationErrors } from './errors.ts';
import { creatable } from './runtimes.ts';

/** In the order in which AWS's error text lists them: every runtime that a layer was ever made for. */
const everListed = [
  'ruby2.6',
  'dotnetcore1.0',
  'python3.7',
  'nodejs8.10',
  'nasa',
  'ruby2.7',
  'python2.7-greengrass',
  'dotnetcore2.0',
  'python3.8',
  'java21',
  'dotnet6',
  'dotnetcore2.1',
  'python3.9',
  'java11',
  'nodejs6.10',
  'provided',
  'dotnetcore3.1',
  'dotnet8',
  'java17',
  'nodejs',
  'nodejs4.3',
  'java8.al2',
  'go1.x',
  'nodejs20.x',
  'go1.9',
  'byol',
  'nodejs10.x',
  'provided.al2023',
  'nodejs22.x',
  'python3.10',
  'java8',
  'nodejs12.x',
  'python3.11',
  'nodejs8.x',
  'python3.12',
  'nodejs14.x',
  'nodejs8.9',
  'python3.13',
  'nodejs16.x',
  'provided.al2',
  'nodejs4.3-edge',
  'nodejs18.x',
  'ruby3.2',
  'python3.4',
  'ruby3.3',
  'ruby2.5',
  'python3.6',
  'python2.7',
];

const architectures = ['x86_64', 'arm64'];
const mostRuntimes = 15;
const mostArchitectures = 2;

/** Those, then what the contract knows besides. */
function knownRuntimes(): string[] {
  return [...new Set([...everListed, ...(loadContract('lambda').constraints.get('Runtime')?.enum ?? [])])];
}

/** Throws ValidationException for a runtime to filter by that is none. */
export function checkRuntimeFilter(runtime: string | undefined): void {
  if (runtime === undefined) return;
  const known = knownRuntimes();
  if (known.includes(runtime)) return;
  throw validationErrors([
    `Value '${runtime}' at 'compatibleRuntime' failed to satisfy constraint: Member must satisfy enum value set: [${known.join(', ')}]`,
  ]);
}

/** Throws ValidationException, naming all that is wrong with both lists. */
export function checkCompatibility(
  runtimes: readonly string[] | undefined,
  compatible: readonly string[] | undefined,
): void {
  const known = new Set(knownRuntimes());
  const problems: string[] = [];
  const report = (list: readonly string[], path: string, constraint: string) =>
    problems.push(`Value '[${list.join(', ')}]' at '${path}' failed to satisfy constraint: ${constraint}`);
  if (runtimes !== undefined && runtimes.length > mostRuntimes) {
    report(runtimes, 'compatibleRuntimes', `Member must have length less than or equal to ${mostRuntimes}`);
  }
  if (runtimes?.some((runtime) => !known.has(runtime))) {
    report(runtimes, 'compatibleRuntimes', `Member must satisfy enum value set: [${creatable.join(', ')}]`);
  }
  if (compatible !== undefined && compatible.length > mostArchitectures) {
    report(compatible, 'compatibleArchitectures', `Member must have length less than or equal to ${mostArchitectures}`);
  }
  if (compatible?.some((architecture) => !architectures.includes(architecture))) {
    const set = `Member must satisfy enum value set: [${architectures.join(', ')}]`;
    report(compatible, 'compatibleArchitectures', `Member must satisfy constraint: [${set}]`);
  }
  if (problems.length > 0) throw validationErrors(problems);
}
