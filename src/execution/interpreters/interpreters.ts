// Matches Lambda runtimes with this machine's interpreters; looks when first asked, and remembers.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { askVersion } from './ask-version.ts';
import { fetchNode, pinnedNodeVersions, type RunNpm, runNpm } from './fetch-node.ts';
import { findDotnets, publishDotnetRuntime } from './dotnet-interpreters.ts';
import { findJavas } from './java-interpreters.ts';
import { type ReadMaven, readMaven } from './java-libraries.ts';
import { assembleJavaRuntime, hasArchive, javaArguments } from './java-runtime.ts';
import { InterpreterMissingError } from './missing-error.ts';
import { fetchedDir, findNodeOfPath, findNodes, nodePackage, nodesOfPackage } from './node-interpreters.ts';
import { findPythons, hasSharedLibrary } from './python-interpreters.ts';
import { pythonSdk, type RunPython, supportsSdk } from './python-sdk.ts';
import { findRubies, hasSharedRuby } from './ruby-interpreters.ts';
import { versionHash, versionLabel } from './runtime-version.ts';
import type { CommandLine, Found, PinnedVersion, ResolvedRuntime } from './types.ts';

export interface FindOptions {
  /** Lambent's data folder; Node versions are fetched below it. */
  dataDir: string;
  /** The host's environment: PATH, HOME and the variables of version managers say where to look. */
  env: Record<string, string | undefined>;
  /** Folder that holds Lambent's own `node_modules` and `runtimes`. */
  packageDir?: string;
  /** Receives one line for each thing that takes a while or could not be had. */
  onProgress?: (line: string) => void;
  npm?: RunNpm;
  readMaven?: ReadMaven;
  runPython?: RunPython;
  /** Epoch milliseconds. */
  now?: () => number;
}

export interface Interpreters {
  /** Fetches boto3 for Python functions, unless it is there. Resolves to whether it is. */
  fetchPythonSdk(): Promise<boolean>;
  hasPythonSdk(): boolean;
  /** All interpreters on this machine, best first within a family; starts some of them to learn their version. */
  list(): Promise<Found[]>;
  /**
   * The interpreter that serves `runtime`, e.g. `python3.12`; may fetch one. Prefers the exact version, else takes the
   * nearest of the family and says so in `exact`. With `pinned`, the build of that version. Rejects with
   * `InterpreterMissingError`.
   */
  resolve(runtime: string, pinned?: PinnedVersion): Promise<ResolvedRuntime>;
}

/** As AWS starts Node; its limits on the heap come from the function's memory, which is not known at boot. */
const nodeFlags = ['--expose-gc', '--max-http-header-size=81920'];

/** A fetch that failed is not tried again for this long: the invocations meanwhile should not wait for it. */
const fetchPauseMs = 300_000;

export function findInterpreters(options: FindOptions): Interpreters {
  const { dataDir, env, onProgress = () => {}, npm = runNpm, now = Date.now } = options;
  const packageDir = options.packageDir ?? path.resolve(import.meta.dirname, '../../..');
  const resolved = new Map<string, Promise<ResolvedRuntime>>();
  /** Builds that were pinned and found, by runtime and hash. */
  const pinnedBuilds = new Map<string, ResolvedRuntime>();
  const fetches = new Map<string, Promise<Found | null>>();
  const fetchFailedAt = new Map<string, number>();
  /** Assembled Java runtimes by executable. */
  const javaRuntimes = new Map<string, Promise<string>>();
  /** Stand-ins that were told of already. */
  const reported = new Set<string>();
  let nodesOfFolders: Found[] | undefined;
  let nodeOfPath: Promise<Found[]> | undefined;
  let pythons: Found[] | undefined;
  let javas: Found[] | undefined;
  let rubies: Found[] | undefined;
  let dotnets: Found[] | undefined;
  const launcherDir = path.join(packageDir, 'runtimes/provided');
  const sdk = pythonSdk({ packageDir, dataDir, env, onProgress, now, runPython: options.runPython });

  function reportNear(runtime: string, standIn: string): void {
    const line = `${runtime} runs on ${standIn}, the nearest there is`;
    if (!reported.has(line)) onProgress(line);
    reported.add(line);
  }

  async function nodes(): Promise<Found[]> {
    nodesOfFolders ??= findNodes({ packageDir, dataDir, env });
    nodeOfPath ??= findNodeOfPath(env);
    return [...nodesOfFolders, ...(await nodeOfPath)];
  }

  /** The Node of `runtime` from the registry; null when it cannot be had now. Concurrent callers share one fetch. */
  function fetched(runtime: string): Promise<Found | null> {
    const failedAt = fetchFailedAt.get(runtime);
    if (!(runtime in pinnedNodeVersions) || (failedAt !== undefined && now() - failedAt < fetchPauseMs)) {
      return Promise.resolve(null);
    }
    let fetch = fetches.get(runtime);
    if (fetch === undefined) {
      fetch = fetchAndLook(runtime).finally(() => fetches.delete(runtime));
      fetches.set(runtime, fetch);
    }
    return fetch;
  }

  async function fetchAndLook(runtime: string): Promise<Found | null> {
    const wanted = `${nodePackage}@${pinnedNodeVersions[runtime]}`;
    onProgress(`Fetching ${wanted} for ${runtime}`);
    try {
      await fetchNode(runtime, dataDir, env, npm);
    } catch (error) {
      fetchFailedAt.set(runtime, now());
      onProgress(`Could not fetch ${wanted} for ${runtime}: ${(error as Error).message}`);
      return null;
    }
    const [found] = nodesOfPackage(path.join(fetchedDir(dataDir, runtime), 'node_modules', nodePackage), 'fetched');
    if (found) nodesOfFolders?.push(found);
    return found ?? null;
  }

  async function resolveNode(runtime: string): Promise<ResolvedRuntime> {
    const major = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 24);
    nodesOfFolders ??= findNodes({ packageDir, dataDir, env });
    const isExact = ({ version }: Found) => version[0] === major;
    const exact = nodesOfFolders.find(isExact) ?? (await nodes()).find(isExact) ?? (await fetched(runtime));
    const chosen = exact ?? nearest(await nodes(), 0, major);
    if (!chosen) {
      throw new InterpreterMissingError(runtime, `install ${nodePackage} from npm, or put Node.js ${major} on PATH.`);
    }
    if (!exact) reportNear(runtime, `Node.js ${chosen.version.join('.')}`);
    return nodeBuild(runtime, 'nodejs', chosen, Boolean(exact), nodeFlags);
  }

  /** The start of a command line by which a Node.js makes way for the program that follows, and what it needs to be shown. */
  async function launched(script: string): Promise<CommandLine & Pick<ResolvedRuntime, 'extras'>> {
    const node = nearest(await nodesForProvided(), 0, 24);
    if (!node) throw new InterpreterMissingError('the launcher', `install ${nodePackage}@24 from npm.`);
    const { prefix, executable } = node;
    const inside = prefix === null ? executable : path.join('/var/lambent/node', path.relative(prefix, executable));
    return {
      command: ['/bin/sh', `/var/lambent/launcher/${script}`, inside],
      hostCommand: ['/bin/sh', path.join(launcherDir, script), executable],
      extras: { launcher: launcherDir, ...(prefix === null ? {} : { node: prefix }) },
    };
  }

  async function resolveJava(runtime: string): Promise<ResolvedRuntime> {
    const major = Number(/^java(\d+)/.exec(runtime)?.[1]);
    javas ??= findJavas(env);
    // Older ones cannot run what was compiled for this one.
    const chosen = [...javas]
      .filter(({ version }) => version[0]! >= major)
      .sort((a, b) => a.version[0]! - b.version[0]! || compareVersions(b.version, a.version))[0];
    if (!chosen) throw new InterpreterMissingError(runtime, `install a JDK ${major} or newer.`);
    const exact = chosen.version[0] === major;
    if (!exact) reportNear(runtime, `Java ${chosen.version.join('.')}`);
    return javaBuild(runtime, chosen, exact);
  }

  async function javaBuild(runtime: string, java: Found, exact: boolean): Promise<ResolvedRuntime> {
    const sources = path.join(packageDir, 'runtimes/java');
    const assembly = { dataDir, sources, env, read: options.readMaven ?? readMaven };
    const key = java.executable;
    let assembling = javaRuntimes.get(key);
    if (assembling === undefined) {
      assembling = assembleJavaRuntime(java, [java, ...byNewest(javas ?? [])], assembly);
      javaRuntimes.set(key, assembling);
      assembling.catch(() => javaRuntimes.delete(key));
    }
    const runtimeDir = await assembling.catch((error: Error) => {
      throw new InterpreterMissingError(runtime, `its libraries could not be put together: ${error.message}.`);
    });
    const inside =
      java.prefix === null ? java.executable : path.join('/var/lang', path.relative(java.prefix, java.executable));
    const major = java.version[0]!;
    // AWS's runtimes from 17 on compile for a quick start; 25 leaves it to the JVM again.
    const tiers = /^java(17|21)/.test(runtime) ? ['-XX:TieredStopAtLevel=1'] : [];
    // The folder that relative paths are resolved against cannot be changed for all of Java once that has started.
    const ahead = await launched('start.sh');
    const program = {
      command: [
        inside,
        '-Duser.dir=/var/task',
        ...tiers,
        ...javaArguments('/var/runtime', major, hasArchive(runtimeDir)),
      ],
      hostCommand: [java.executable, ...tiers, ...javaArguments(runtimeDir, major, false)],
    };
    const line = (launcher: CommandLine): CommandLine => ({
      command: [...launcher.command, ...program.command],
      hostCommand: [...launcher.hostCommand, ...program.hostCommand],
    });
    return {
      ...{ runtime, family: 'java', version: java.version.join('.'), exact, langDir: java.prefix, runtimeDir },
      ...line(ahead),
      extras: ahead.extras ?? {},
      alone: { ...line(await launched('launch.sh')), extras: ahead.extras ?? {} },
      versionLabel: versionLabel(runtime, 'java', java.version),
      versionHash: versionHash('java', java.version, sources),
    };
  }

  async function resolveRuby(runtime: string): Promise<ResolvedRuntime> {
    const [major, minor] = /^ruby(\d+)\.(\d+)$/.exec(runtime)?.slice(1).map(Number) ?? [3, 4];
    rubies ??= await findRubies(env);
    const wanted = major! * 100 + minor!;
    const number = ({ version }: Found) => version[0]! * 100 + version[1]!;
    const [chosen] = [...rubies].sort(
      (a, b) => Math.abs(number(a) - wanted) - Math.abs(number(b) - wanted) || compareVersions(b.version, a.version),
    );
    if (!chosen) {
      throw new InterpreterMissingError(
        runtime,
        `install Ruby ${major}.${minor}, for example with your system's packages or rbenv.`,
      );
    }
    const exact = number(chosen) === wanted;
    if (!exact) reportNear(runtime, `Ruby ${chosen.version.join('.')}`);
    return rubyBuild(runtime, chosen, exact);
  }

  function rubyBuild(runtime: string, chosen: Found, exact: boolean): Promise<ResolvedRuntime> {
    const inside =
      chosen.prefix === null
        ? chosen.executable
        : path.join('/var/lang', path.relative(chosen.prefix, chosen.executable));
    const library = hasSharedRuby(chosen) ? ['/usr/bin/env', 'LD_LIBRARY_PATH=/var/lang/lib'] : [];
    return build(runtime, 'ruby', chosen, exact, [...library, inside], [chosen.executable], 'bootstrap.rb');
  }

  async function resolveDotnet(runtime: string): Promise<ResolvedRuntime> {
    const major = Number(/^dotnet(\d+)$/.exec(runtime)?.[1]);
    dotnets ??= await findDotnets(env);
    const [chosen] = dotnets
      .filter(({ version }) => version[0]! >= major)
      .sort((a, b) => a.version[0]! - b.version[0]!);
    if (!chosen) throw new InterpreterMissingError(runtime, `install the .NET ${major} SDK.`);
    const exact = chosen.version[0] === major;
    if (!exact) reportNear(runtime, `.NET ${chosen.version.join('.')}`);
    const runtimeDir = await publishDotnetRuntime(chosen, path.join(packageDir, 'runtimes/dotnet'), dataDir, env).catch(
      (error: Error) => {
        throw new InterpreterMissingError(runtime, `its libraries could not be put together: ${error.message}.`);
      },
    );
    const inside = chosen.prefix === null ? chosen.executable : '/var/lang/dotnet';
    const launcher = await launched('launch.sh');
    const line = (dotnet: string, folder: string) => ['/bin/sh', path.join(folder, 'bootstrap.sh'), dotnet];
    return {
      ...{ runtime, family: 'dotnet', version: chosen.version.join('.'), exact, langDir: chosen.prefix, runtimeDir },
      command: [...launcher.command, ...line(inside, '/var/runtime')],
      hostCommand: [...launcher.hostCommand, ...line(chosen.executable, runtimeDir)],
      extras: launcher.extras ?? {},
      versionLabel: versionLabel(runtime, 'dotnet', chosen.version),
      versionHash: versionHash('dotnet', chosen.version, runtimeDir),
    };
  }

  async function resolveProvided(runtime: string): Promise<ResolvedRuntime> {
    const chosen = nearest(await nodesForProvided(), 0, 24);
    if (!chosen) throw new InterpreterMissingError(runtime, `install ${nodePackage}@24 from npm.`);
    return providedBuild(runtime, chosen);
  }

  /** The bootstrap replaces itself by process.execve, which Node has had since 22.15. */
  async function nodesForProvided(): Promise<Found[]> {
    return (await nodes()).filter(({ version: [major, minor] }) => major! > 22 || (major === 22 && minor! >= 15));
  }

  function providedBuild(runtime: string, node: Found): Promise<ResolvedRuntime> {
    return nodeBuild(runtime, 'provided', node, true, ['--disable-warning=ExperimentalWarning']);
  }

  function nodeBuild(
    runtime: string,
    family: 'nodejs' | 'provided',
    found: Found,
    exact: boolean,
    flags: string[],
  ): Promise<ResolvedRuntime> {
    const script = family === 'provided' ? 'init.mjs' : 'bootstrap.mjs';
    const inside =
      found.prefix === null ? found.executable : path.join('/var/lang', path.relative(found.prefix, found.executable));
    const modules = path.join(packageDir, 'node_modules');
    return build(runtime, family, found, exact, [inside, ...flags], [found.executable, ...flags], script, {
      // Where the links of runtimes/nodejs/node_modules lead.
      extras: family === 'nodejs' && existsSync(modules) ? { node_modules: modules } : {},
    });
  }

  async function resolvePython(runtime: string): Promise<ResolvedRuntime> {
    const minor = Number(/^python3\.(\d+)$/.exec(runtime)?.[1] ?? 12);
    pythons ??= findPythons(env);
    const exact = await firstThatRuns(pythons.filter(({ version }) => version[1] === minor));
    const chosen = exact ?? (await firstThatRuns(byDistance(pythons, 1, minor)));
    if (!chosen) {
      throw new InterpreterMissingError(
        runtime,
        `install Python 3.${minor}, for example with your system's packages, pyenv or uv.`,
      );
    }
    if (!exact) reportNear(runtime, `Python ${chosen.version.join('.')}`);
    return pythonBuild(runtime, chosen, exact !== null);
  }

  function pythonBuild(runtime: string, chosen: Found, exact: boolean): Promise<ResolvedRuntime> {
    const inside =
      chosen.prefix === null
        ? chosen.executable
        : path.join('/var/lang', path.relative(chosen.prefix, chosen.executable));
    // -u: what bypasses the runtime's own streams is unbuffered too; -B: the code folder is read-only anyway.
    const flags = ['-u', '-B'];
    const library = hasSharedLibrary(chosen);
    const line = [...(library ? ['/usr/bin/env', 'LD_LIBRARY_PATH=/var/lang/lib'] : []), inside, ...flags];
    const hasSdk = sdk !== null && supportsSdk(chosen);
    if (hasSdk) void sdk.fetch(pythonsFrom(chosen));
    return build(runtime, 'python', chosen, exact, line, [chosen.executable, ...flags], 'bootstrap.py', {
      extras: hasSdk ? { 'python-sdk': sdk.folder } : {},
      args: hasSdk ? [`/var/lambent/python-sdk/${sdk.name}`] : [],
      hostArgs: hasSdk ? [path.join(sdk.folder, sdk.name)] : [],
    });
  }

  function pythonsFrom(first: Found): Found[] {
    return [first, ...byNewest(pythons ?? []).filter((python) => python !== first)];
  }

  /** Candidates of the system's /usr tell their full version only when asked; one that does not run is passed over. */
  async function firstThatRuns(candidates: Found[]): Promise<Found | null> {
    for (const candidate of candidates) {
      if (candidate.version.length === 3) return candidate;
      const version = await askVersion(candidate.executable);
      if (version === null || version[1] !== candidate.version[1]) continue;
      candidate.version = version;
      return candidate;
    }
    return null;
  }

  async function build(
    runtime: string,
    family: ResolvedRuntime['family'],
    found: Found,
    exact: boolean,
    command: string[],
    hostCommand: string[],
    script: string,
    more: { extras?: NonNullable<ResolvedRuntime['extras']>; args?: string[]; hostArgs?: string[] } = {},
  ): Promise<ResolvedRuntime> {
    const runtimeDir = path.join(packageDir, 'runtimes', family);
    const line = {
      command: [...command, `/var/runtime/${script}`, ...(more.args ?? [])],
      hostCommand: [...hostCommand, path.join(runtimeDir, script), ...(more.hostArgs ?? [])],
    };
    const extras = more.extras ?? {};
    // Without a Node.js of its own kind for the launcher, what needs a start of its own goes without its wishes.
    const launcher = family === 'provided' ? null : await launched('launch.sh').catch(() => null);
    // The function's own LD_LIBRARY_PATH says where the interpreter's library is.
    const bare = line.command[0] === '/usr/bin/env' ? line.command.slice(2) : line.command;
    return {
      runtime,
      family,
      version: found.version.join('.'),
      exact,
      langDir: found.prefix,
      runtimeDir,
      ...line,
      extras,
      ...(launcher === null
        ? {}
        : {
            alone: {
              command: [...launcher.command, ...bare],
              hostCommand: [...launcher.hostCommand, ...line.hostCommand],
              extras: { ...launcher.extras, ...extras },
            },
          }),
      versionLabel: versionLabel(runtime, family, found.version),
      versionHash: versionHash(family, found.version, runtimeDir),
    };
  }

  function find(runtime: string): Promise<ResolvedRuntime> {
    if (runtime.startsWith('nodejs')) return resolveNode(runtime);
    if (runtime.startsWith('python3')) return resolvePython(runtime);
    if (isProvided(runtime)) return resolveProvided(runtime);
    if (runtime.startsWith('java')) return resolveJava(runtime);
    if (runtime.startsWith('ruby')) return resolveRuby(runtime);
    if (runtime.startsWith('dotnet')) return resolveDotnet(runtime);
    return Promise.reject(new InterpreterMissingError(runtime, 'it is a runtime that this release does not know.'));
  }

  /** All builds on this machine that truly are of `runtime`; fetches nothing. */
  async function installed(runtime: string): Promise<ResolvedRuntime[]> {
    if (runtime.startsWith('nodejs')) {
      const major = Number(/^nodejs(\d+)/.exec(runtime)?.[1]);
      const exact = (await nodes()).filter(({ version }) => version[0] === major);
      return Promise.all(exact.map((node) => nodeBuild(runtime, 'nodejs', node, true, nodeFlags)));
    }
    if (runtime.startsWith('python3')) {
      const minor = Number(/^python3\.(\d+)$/.exec(runtime)?.[1]);
      pythons ??= findPythons(env);
      const exact = pythons.filter(({ version }) => version[1] === minor);
      const running = await Promise.all(exact.map((python) => firstThatRuns([python])));
      return Promise.all(
        running.filter((python) => python !== null).map((python) => pythonBuild(runtime, python, true)),
      );
    }
    if (isProvided(runtime)) {
      return Promise.all((await nodesForProvided()).map((node) => providedBuild(runtime, node)));
    }
    if (runtime.startsWith('java')) {
      javas ??= findJavas(env);
      const major = Number(/^java(\d+)/.exec(runtime)?.[1]);
      return Promise.all(
        javas.filter(({ version }) => version[0] === major).map((java) => javaBuild(runtime, java, true)),
      );
    }
    if (runtime.startsWith('ruby')) {
      rubies ??= await findRubies(env);
      const exact = rubies.filter(({ version }) => `ruby${version[0]}.${version[1]}` === runtime);
      return Promise.all(exact.map((ruby) => rubyBuild(runtime, ruby, true)));
    }
    return [];
  }

  /** With what starts external extensions beside it; without, where there is no Node.js for that. */
  async function accompanied(build: ResolvedRuntime): Promise<ResolvedRuntime> {
    const companion = await launched('companion.sh').catch(() => null);
    return companion === null ? build : { ...build, companion };
  }

  async function resolvePinned(
    runtime: string,
    { versionHash: hash, strict }: PinnedVersion,
  ): Promise<ResolvedRuntime> {
    const key = `${runtime} ${hash}`;
    const known = pinnedBuilds.get(key);
    if (known !== undefined) return known;
    const found = (await installed(runtime)).find((candidate) => candidate.versionHash === hash);
    if (found !== undefined) {
      const build = await accompanied(found);
      pinnedBuilds.set(key, build);
      return build;
    }
    const best = await resolveBest(runtime);
    if (!strict || best.versionHash === hash) return best;
    throw new InterpreterMissingError(runtime, `its version ${hash} is not installed here; choose another.`);
  }

  function resolveBest(runtime: string): Promise<ResolvedRuntime> {
    const known = resolved.get(runtime);
    if (known !== undefined) {
      // One that could not be had is tried again in time.
      if (runtime.startsWith('python3')) void sdk?.fetch(byNewest(pythons ?? []));
      return known;
    }
    const promise = find(runtime).then(accompanied);
    resolved.set(runtime, promise);
    // An answer that could still become better, or possible, is asked for anew.
    promise.then(
      ({ exact }) => exact || resolved.delete(runtime),
      () => resolved.delete(runtime),
    );
    return promise;
  }

  return {
    async fetchPythonSdk() {
      pythons ??= findPythons(env);
      return (await sdk?.fetch(byNewest(pythons))) ?? false;
    },
    hasPythonSdk: () => sdk?.isThere() ?? false,
    async list() {
      pythons ??= findPythons(env);
      await Promise.all(pythons.map((python) => firstThatRuns([python])));
      const runnable = pythons.filter(({ version }) => version.length === 3);
      javas ??= findJavas(env);
      rubies ??= await findRubies(env);
      dotnets ??= await findDotnets(env);
      return [await nodes(), runnable, javas, rubies, dotnets].flatMap(byNewest);
    },
    resolve: (runtime, pinned) => (pinned === undefined ? resolveBest(runtime) : resolvePinned(runtime, pinned)),
  };
}

const isProvided = (runtime: string) => /^provided(\.|$)/.test(runtime);

function byNewest(found: Found[]): Found[] {
  return [...found].sort((a, b) => compareVersions(b.version, a.version));
}

/** Nearest first by the version number at `index`; of two equally near ones the newer. */
function byDistance(found: Found[], index: number, wanted: number): Found[] {
  const distance = ({ version }: Found) => Math.abs(version[index]! - wanted);
  return [...found].sort((a, b) => distance(a) - distance(b) || compareVersions(b.version, a.version));
}

function nearest(found: Found[], index: number, wanted: number): Found | undefined {
  return byDistance(found, index, wanted)[0];
}

function compareVersions(a: number[], b: number[]): number {
  for (let at = 0; at < 3; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
