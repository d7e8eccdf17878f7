// The compiler and the libraries with which tests make functions in Java, or why they cannot.
import path from 'node:path';
import { compilerOf, findJavas } from '../../src/execution/interpreters/java-interpreters.ts';
import { findInterpreters } from '../../src/execution/interpreters/index.ts';
import { keptFolder } from '../kept-folder.ts';

/** Kept between runs: what it holds is checked by its hash. */
const dataDir = keptFolder('java');

/** `libraries` is a folder with AWS's jars for Java functions. */
export type JavaTools = { javac: string; libraries: string } | { missing: string };

export async function javaTools(): Promise<JavaTools> {
  const javac = findJavas(process.env)
    .map(compilerOf)
    .find((file) => file !== null);
  if (javac === undefined) return { missing: 'there is no JDK (Debian: apt-get install default-jdk-headless)' };
  try {
    const { runtimeDir } = await findInterpreters({ dataDir, env: process.env }).resolve('java17');
    return { javac, libraries: path.join(runtimeDir, 'lib') };
  } catch (error) {
    return { missing: (error as Error).message };
  }
}
