// Has environments kept as provisioned concurrency asks for: after each change of it or of an alias, and after a start.
import type { Logger } from '../../core/logger.ts';
import type { Execution, Provision, ProvisionedShare } from '../../execution/index.ts';
import type { CodeFolders } from './code-folders.ts';
import type { FileSystemFolders } from './file-systems.ts';
import type { LayerFolders } from './layer-folders.ts';
import { packagesOf } from './layer-record.ts';
import { type ProvisionedRecord, sharesOf } from './provisioned-concurrency.ts';
import { checkRunnable } from './runnable.ts';
import type { FunctionKey, FunctionStore, StoredSetting } from './store/index.ts';
import { targetOf } from './target.ts';
import { numberOf } from './versions.ts';

export interface ProvisioningParts {
  store: FunctionStore;
  code: CodeFolders;
  layerFolders: LayerFolders;
  fileSystems: FileSystemFolders;
  execution: Execution;
  log: Logger;
}

export class Provisioning {
  readonly #parts: ProvisioningParts;
  /** The work on each function: what was read first must not be done last. */
  readonly #work = new Map<string, Promise<void>>();

  constructor(parts: ProvisioningParts) {
    this.#parts = parts;
  }

  /** Brings what is kept for a function in line with its rows. */
  follow({ account, region, name }: FunctionKey): void {
    const key = `${account}/${region}/${name}`;
    const work = (this.#work.get(key) ?? Promise.resolve())
      .then(() => this.#apply({ account, region, name }))
      .catch((error: unknown) => {
        this.#parts.log.error({ err: error, function: name }, 'provisioned concurrency could not be followed');
      })
      .finally(() => {
        if (this.#work.get(key) === work) this.#work.delete(key);
      });
    this.#work.set(key, work);
  }

  /** After a start: nothing is kept yet. */
  async begin(): Promise<void> {
    for (const key of await this.#parts.store.settings.functionsWith('provisioned-concurrency')) this.follow(key);
  }

  async #apply(key: FunctionKey): Promise<void> {
    const { store, execution } = this.#parts;
    const of = { account: key.account, region: key.region, functionName: key.name };
    const settings = await store.settings.ofFunction<ProvisionedRecord>('provisioned-concurrency', key);
    for (const qualifier of execution.provisionedQualifiers(of)) {
      if (!settings.some((setting) => setting.qualifier === qualifier)) execution.unprovision(of, qualifier);
    }
    for (const setting of settings) {
      const { qualifier, record } = setting;
      const provision: Provision = {
        ...of,
        qualifier,
        requestedAt: record.lastModified,
        shares: await this.#shares(key, setting),
      };
      execution.provision(provision);
    }
  }

  async #shares(
    key: FunctionKey,
    { qualifier, record }: StoredSetting<ProvisionedRecord>,
  ): Promise<ProvisionedShare[]> {
    const { store, code, layerFolders } = this.#parts;
    const number = numberOf(qualifier);
    const pointsTo = number === undefined ? await store.alias(key, qualifier) : { number };
    if (pointsTo === undefined) return [];
    const shares: ProvisionedShare[] = [];
    for (const [each, executions] of sharesOf(record.requested, pointsTo)) {
      const version = await store.version({ ...key, number: each });
      if (version === undefined) continue;
      shares.push({
        target: targetOf({ ...key, number: each, version }, this.#parts),
        executions,
        async prepare() {
          checkRunnable(version.configuration);
          await code.ensure(version.code.sha256);
          await layerFolders.ensure(packagesOf(version.configuration.layers));
        },
      });
    }
    return shares;
  }
}
