// Makes one JavaScript file, with its source map, of a TypeScript handler and all that it imports. By esbuild.
import type { BuildFailure, Message } from 'esbuild';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, relative } from 'node:path';
import { Failure } from '../failure.ts';

export interface Bundle {
  files: { path: string; content: Buffer }[];
  /** Absolute paths of all that went into it. */
  inputs: string[];
}

export const typescriptEndings = ['.ts', '.mts', '.cts'];
/** Of a folder whose handler is bundled these are not packed. */
export const bundledAlready = ['*.ts', '*.mts', '*.cts', '*.tsx', 'tsconfig*.json', 'node_modules'];

/** CommonJS packages within an ES module look for these. */
const commonjsNames = `import { createRequire as lambentCreateRequire } from 'node:module';
const require = lambentCreateRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** `source` is relative to `folder`, e.g. `src/orders.ts`. Throws Failure, with the place, for what cannot be bundled. */
export async function bundleTypescript(folder: string, source: string, runtime: string): Promise<Bundle> {
  const { build } = await import('esbuild');
  const ending = extname(source);
  const commonjs = ending === '.cts';
  const outfile = join(folder, `${source.slice(0, -ending.length)}${commonjs ? '.cjs' : '.mjs'}`);
  try {
    const { outputFiles, metafile } = await build({
      ...{ absWorkingDir: folder, entryPoints: [source], outfile, write: false, metafile: true },
      ...{ bundle: true, platform: 'node', format: commonjs ? 'cjs' : 'esm', target: `node${majorOf(runtime)}` },
      ...{ sourcemap: 'linked', sourcesContent: false, keepNames: true, logLevel: 'silent' },
      mainFields: ['module', 'main'],
      // AWS's runtimes bring the SDK along: it is bundled where the folder has its own.
      external: bringsOwnSdk(folder) ? [] : ['@aws-sdk/*', '@smithy/*'],
      ...(commonjs ? {} : { banner: { js: commonjsNames } }),
    });
    return {
      files: outputFiles.map(({ path, contents }) => ({
        path: relative(folder, path),
        content: Buffer.from(contents),
      })),
      inputs: Object.keys(metafile.inputs).map((path) => join(folder, path)),
    };
  } catch (error) {
    const { errors } = error as Partial<BuildFailure>;
    if (errors === undefined) throw error;
    throw new Failure('SourceError', errors.map(describeMessage).join('\n'), { cause: error });
  }
}

/** e.g. `index.ts:3:10: Expected ";" but found "}"`. */
export function describeMessage({ text, location }: Message): string {
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

function bringsOwnSdk(folder: string): boolean {
  const paths = createRequire(join(folder, 'index.js')).resolve.paths('@aws-sdk/x') ?? [];
  return paths.some((path) => existsSync(join(path, '@aws-sdk')));
}

function majorOf(runtime: string): string {
  return /^nodejs(\d+)/.exec(runtime)?.[1] ?? '24';
}
