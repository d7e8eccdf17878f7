// Names the version of a runtime the way INIT_START and GetFunctionConfiguration do.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** e.g. `nodejs:24.v21`, `python:3.12.v1`, `provided:al2023.v24`. */
export function versionLabel(runtime: string, family: string, version: number[]): string {
  if (family === 'nodejs') return `nodejs:${version[0]}.v${version[1]}`;
  if (family === 'python') return `python:${version[0]}.${version[1]}.v${version[2] ?? 0}`;
  if (family === 'java') return `${runtime.replace('java', 'java:')}.v${version.slice(1).join('.')}`;
  if (family === 'ruby') return `ruby:${version[0]}.${version[1]}.v${version[2] ?? 0}`;
  if (family === 'dotnet') return `dotnet:${version[0]}.v${version[2] ?? 0}`;
  return `${runtime.replace('.', ':')}.v${version[0]}`;
}

/** 64 hexadecimal digits over the interpreter's version and the files of the bootstrap that it runs. */
export function versionHash(family: string, version: number[], runtimeDir: string): string {
  const hash = createHash('sha256').update(`${family} ${version.join('.')}\n`);
  const entries = readdirSync(runtimeDir, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  // Links lead to the SDK, which has a version of its own.
  for (const name of files.map((file) => path.relative(runtimeDir, file)).sort()) {
    if (/\.(mjs|cjs|py|rb|java|sh|dll)$/.test(name))
      hash.update(`${name}\n`).update(readFileSync(path.join(runtimeDir, name)));
  }
  return hash.digest('hex');
}
