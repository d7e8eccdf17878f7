// AWS's runtime interface client for Java: which files it is made of, and how they are had.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

interface Library {
  /** Path below a Maven repository. */
  path: string;
  sha256: string;
}

const library = (group: string, artifact: string, version: string, sha256: string): Library => ({
  path: `${group.replaceAll('.', '/')}/${artifact}/${version}/${artifact}-${version}.jar`,
  sha256,
});

/** Versions that were tried with Lambent. */
export const javaLibraries: readonly Library[] = [
  library(
    'com.amazonaws',
    'aws-lambda-java-core',
    '1.4.0',
    '575c24393cc1ad645e83e618956eabd89ffe8cc09efae2cb62bc6589154d68ed',
  ),
  library(
    'com.amazonaws',
    'aws-lambda-java-runtime-interface-client',
    '2.9.0',
    '26568a5f63bf9e921567e77661be425650abc8972bae2aa0b7e99bab4e4239d9',
  ),
  library(
    'com.amazonaws',
    'aws-lambda-java-serialization',
    '1.2.0',
    '1513c1f945a3213f916a4b2de1760c97b51d84d110f82bbbcf9cfac53d5651e7',
  ),
  library(
    'software.amazon.awssdk',
    'annotations',
    '2.34.0',
    'fafdcb55f4e5af603f5219f4a2b080aa0decb562a7c0944f7a7eca82dd47e487',
  ),
  library(
    'software.amazon.awssdk',
    'utils-lite',
    '2.34.0',
    'efaf784f07ae526f0b5c89d71ef21cf16636131c47d44616e3df9bedc3f4f89a',
  ),
];

const defaultRepository = 'https://repo.maven.apache.org/maven2';
const timeoutMs = 60_000;

/** Reads one file of a Maven repository. Replaced in tests. */
export type ReadMaven = (file: string, env: Record<string, string | undefined>) => Promise<Uint8Array>;

/**
 * From the user's own repository below `~/.m2` where it lies there, else from Maven Central, or the repository that
 * LAMBENT_MAVEN_REPOSITORY names. Rejects when neither has it.
 */
export const readMaven: ReadMaven = async (file, env) => {
  if (env.HOME !== undefined) {
    const local = await readFile(path.join(env.HOME, '.m2/repository', file)).catch(() => null);
    if (local !== null) return local;
  }
  const url = `${env.LAMBENT_MAVEN_REPOSITORY ?? defaultRepository}/${file}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.bytes();
};

/** The bytes of a library; rejects when they cannot be had, or are not those that were tried. */
export async function readLibrary(
  { path: file, sha256 }: Library,
  env: Record<string, string | undefined>,
  read: ReadMaven,
): Promise<Uint8Array> {
  const bytes = await read(file, env);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${file} has the checksum ${found}, not ${sha256}`);
  return bytes;
}
