// Looks for .NET 8 and newer, and puts Lambent's runtime for it together with AWS's runtime support from NuGet.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Found } from './types.ts';

const run = promisify(execFile);
const timeoutMs = 180_000;

/** Reads directories and starts nothing; one entry for each shared framework, all with the same `dotnet`. */
export async function findDotnets(env: Record<string, string | undefined>): Promise<Found[]> {
  const found: Found[] = [];
  for (const [folder, source] of folders(env)) {
    const file = path.join(folder, 'dotnet');
    if (!existsSync(file)) continue;
    const executable = realpathSync(file);
    const root = path.dirname(executable);
    for (const name of list(path.join(root, 'shared/Microsoft.NETCore.App'))) {
      const version = /^(\d+)\.(\d+)\.(\d+)$/.exec(name)?.slice(1).map(Number);
      if (!version || version[0]! < 8) continue;
      if (found.some((one) => one.executable === executable && one.version.join('.') === name)) continue;
      found.push({ family: 'dotnet', version, executable, prefix: root.startsWith('/usr/') ? null : root, source });
    }
  }
  return found;
}

function folders({ DOTNET_ROOT, HOME, PATH }: Record<string, string | undefined>): [string, string][] {
  return [
    ...(DOTNET_ROOT ? [[DOTNET_ROOT, 'DOTNET_ROOT'] as [string, string]] : []),
    ...(HOME ? [[path.join(HOME, '.dotnet'), 'dotnet-install'] as [string, string]] : []),
    ['/usr/lib/dotnet', 'system'],
    ['/usr/share/dotnet', 'system'],
    ...(PATH?.split(':') ?? []).filter(path.isAbsolute).map((folder): [string, string] => [folder, 'PATH']),
  ];
}

/** The folder with the published program; published first where there is none. Rejects when the SDK or NuGet fails. */
export async function publishDotnetRuntime(
  dotnet: Found,
  project: string,
  dataDir: string,
  env: Record<string, string | undefined>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const name of readdirSync(project).sort()) hash.update(readFileSync(path.join(project, name)));
  const target = path.join(dataDir, 'runtimes', `dotnet-${dotnet.version[0]}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(target)) return target;
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = await mkdtemp(path.join(path.dirname(target), '.dotnet-'));
  try {
    const framework = `-p:TargetFramework=net${dotnet.version[0]}.0`;
    const intermediate = `-p:BaseIntermediateOutputPath=${temporary}/obj/`;
    const output = ['-c', 'Release', '-o', path.join(temporary, 'out'), '--nologo'];
    await run(dotnet.executable, ['publish', project, framework, intermediate, ...output], {
      timeout: timeoutMs,
      env: { ...env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
    });
    await rename(path.join(temporary, 'out'), target).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; what it put there is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return target;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
