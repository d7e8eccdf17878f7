// A folder and the function that it is to be: packed, compared, put, as often as the folder changes.
import type { Architecture, FunctionConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Connection } from '../connection.ts';
import { usageFailure } from '../failure.ts';
import { bundledAlready, bundleTypescript } from './bundle-typescript.ts';
import { checkSyntax } from './check-syntax.ts';
import { guessFunction, handlerFileExists, typescriptSource } from './guess-function.ts';
import { type Installed, installDependencies } from './install-dependencies.ts';
import { Packer } from './pack-folder.ts';
import {
  createFunction,
  type ExistingFunction,
  findFunction,
  type PutResult,
  sha256,
  updateFunction,
  type WantedFunction,
} from './put-function.ts';
import { layerName, putLayer } from './put-layer.ts';
import { readEnvFile, readPairs, readSettings, type SettingFlags } from './settings.ts';

export interface DeploymentFlags extends SettingFlags {
  name?: string;
  architecture?: Architecture;
  tags?: string[];
  publish?: boolean;
  install: boolean;
  layer?: string[];
}

export interface DeploymentParts {
  folder: string;
  flags: DeploymentFlags;
  connection: Connection;
  /** Gets a sentence before each step that takes a while. */
  notify(sentence: string): void;
}

export interface Deployed {
  result: PutResult;
  wanted: WantedFunction;
}

const sourceMaps = '--enable-source-maps';

export class Deployment {
  readonly folder: string;
  readonly functionName: string;
  readonly #parts: DeploymentParts;
  readonly #packer = new Packer();
  readonly #layers: { folder: string; name: string; packer: Packer; published?: { hash: string; arn: string } }[];
  #lambda: LambdaClient | undefined;
  /** As it was left; undefined before it was looked for. */
  #existing: ExistingFunction | null | undefined;
  #installed: Installed | undefined;
  /** Names that the environment file had. */
  #fromFile: string[] = [];
  /** Files outside the folder that went into what was put last. */
  #inputs: string[] = [];

  /** Throws a usage failure for what cannot be meant. */
  constructor(parts: DeploymentParts) {
    const { flags } = parts;
    this.#parts = parts;
    this.folder = resolve(parts.folder);
    if (!isFolder(this.folder)) throw usageFailure(`There is no folder ${parts.folder}.`);
    this.functionName = flags.name ?? basename(this.folder);
    if (!/^[\w-]{1,64}$/.test(this.functionName)) {
      throw usageFailure(
        `"${this.functionName}" cannot name a function: say --name with up to 64 letters, digits, - and _.`,
      );
    }
    this.#layers = (flags.layer ?? []).map((given) => {
      const folder = resolve(given);
      if (!isFolder(folder)) throw usageFailure(`--layer: there is no folder ${given}.`);
      return { folder, name: layerName(this.functionName, folder), packer: new Packer() };
    });
  }

  /** Folders of which each is packed, with its own ignore rules. */
  get folders(): string[] {
    return [this.folder, ...this.#layers.map(({ folder }) => folder)];
  }

  /** Files that matter beside those of the folders. */
  get files(): string[] {
    const { envFile } = this.#parts.flags;
    return [...(envFile === undefined ? [] : [resolve(envFile)]), ...this.#inputs];
  }

  /** As the function was left; undefined before it was put. */
  get configuration(): FunctionConfiguration | undefined {
    return this.#existing?.configuration;
  }

  get logGroup(): string {
    return this.configuration?.LoggingConfig?.LogGroup ?? `/aws/lambda/${this.functionName}`;
  }

  /** Makes the function be what the folder says. Rejects with Failure, and the function stays as it was. */
  async put(): Promise<Deployed> {
    const { connection } = this.#parts;
    this.#lambda ??= await connection.lambda();
    const lambda = this.#lambda;
    try {
      return await connection.run(async () => {
        if (this.#existing === undefined) this.#existing = await findFunction(lambda, this.functionName);
        const existing = this.#existing;
        const wanted = await this.#prepare(lambda, existing);
        const result =
          existing === null
            ? await createFunction(lambda, { ...wanted, settings: { ...wanted.settings, Role: await this.#role() } })
            : await updateFunction(lambda, wanted, existing);
        const tags = { ...existing?.tags, ...wanted.tags };
        this.#existing = { configuration: result.configuration, tags };
        return { result, wanted };
      });
    } catch (error) {
      // Whatever stood in the way may have changed the function: it is looked at anew.
      this.#existing = undefined;
      throw error;
    }
  }

  /** Deletes what was made only for packing. */
  async close(): Promise<void> {
    await this.#installed?.clean();
  }

  /** Packs the folder and gathers what the function should be. */
  async #prepare(lambda: LambdaClient, existing: ExistingFunction | null): Promise<WantedFunction> {
    const { flags, connection, notify } = this.#parts;
    const given = { runtime: flags.runtime, handler: flags.handler };
    const { Runtime, Handler } = existing?.configuration ?? {};
    const now = Runtime !== undefined && Handler !== undefined ? { runtime: Runtime, handler: Handler } : null;
    const base =
      now !== null && handlerFileExists(this.folder, now)
        ? now
        : given.runtime !== undefined && given.handler !== undefined
          ? { runtime: given.runtime, handler: given.handler }
          : guessFunction(this.folder);
    const runtime = given.runtime ?? base.runtime;
    const handler = given.handler ?? base.handler;
    if (flags.install) this.#installed ??= await installDependencies(this.folder, runtime, notify);
    const source = typescriptSource(this.folder, { runtime, handler });
    const zip = await this.#pack(runtime, source);
    const settings = readSettings(this.#variables(source !== undefined, existing), existing?.configuration ?? null);
    const layers = await this.#publishLayers(lambda);
    return {
      ...{ name: this.functionName, zip, tags: readPairs('--tags', flags.tags ?? []), publish: flags.publish === true },
      architecture: flags.architecture ?? (existing === null ? architectureFor(connection) : undefined),
      settings: {
        Runtime: runtime as NonNullable<typeof Runtime>,
        Handler: handler,
        ...settings,
        ...(layers === undefined ? {} : { Layers: layers }),
      },
    };
  }

  async #pack(runtime: string, source: string | undefined): Promise<Buffer> {
    const folders = [...(this.#installed?.folder ? [this.#installed.folder] : []), this.folder];
    if (source !== undefined) {
      const { files, inputs } = await bundleTypescript(this.folder, source, runtime);
      this.#inputs = inputs.filter((path) => !path.startsWith(`${this.folder}/`));
      return this.#packer.pack(folders, { leaveOut: bundledAlready, made: files }).zip;
    }
    this.#inputs = [];
    const { zip, fresh } = this.#packer.pack(folders);
    try {
      await checkSyntax(this.folder, fresh, runtime);
    } catch (error) {
      // What was wrong is looked at again, even if another file changes next.
      this.#packer.forget(fresh);
      throw error;
    }
    return zip;
  }

  /** The flags with what the environment file adds and no longer has, and with what stack traces in TypeScript take. */
  #variables(bundled: boolean, existing: ExistingFunction | null): SettingFlags {
    const { flags } = this.#parts;
    const inFile = Object.keys(readEnvFile(flags.envFile));
    const gone = this.#fromFile.filter((name) => !inFile.includes(name));
    this.#fromFile = inFile;
    const unsetEnv = [...(flags.unsetEnv ?? []), ...gone];
    const env = [...(flags.env ?? [])];
    const known = [...inFile, ...env.map((pair) => pair.split('=')[0]!)];
    const before = existing?.configuration.Environment?.Variables ?? {};
    if (bundled && !known.includes('NODE_OPTIONS') && before['NODE_OPTIONS'] === undefined) {
      env.push(`NODE_OPTIONS=${sourceMaps}`);
    }
    return {
      ...flags,
      ...(env.length === 0 && flags.env === undefined ? {} : { env }),
      ...(unsetEnv.length === 0 ? {} : { unsetEnv }),
    };
  }

  async #publishLayers(lambda: LambdaClient): Promise<string[] | undefined> {
    if (this.#layers.length === 0) return undefined;
    const arns: string[] = [];
    for (const layer of this.#layers) {
      const { zip } = layer.packer.pack([layer.folder]);
      const hash = sha256(zip);
      if (layer.published?.hash !== hash) layer.published = { hash, arn: await putLayer(lambda, layer.name, zip) };
      arns.push(layer.published.arn);
    }
    return arns;
  }

  async #role(): Promise<string> {
    const { flags, connection, notify } = this.#parts;
    if (flags.role !== undefined) return flags.role;
    const { ensureExecutionRole } = await import('./execution-role.ts');
    const role = await ensureExecutionRole(await connection.iam(), this.functionName);
    notify(`${role.created ? 'Made' : 'Using'} the role ${role.name}, which may write logs.`);
    return role.arn;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A Lambent on this machine runs what is built for this machine; elsewhere the service's default holds. */
function architectureFor({ endpoint }: Connection): Architecture | undefined {
  const local = endpoint !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
  return local && process.arch === 'arm64' ? 'arm64' : undefined;
}
