// One place in the run folder where a sandbox's changing parts are mounted: /var/task, /opt and /tmp.
import type { RuntimeBuild, SandboxAssignment } from '../driver.ts';
import { defaultEphemeralStorageMib, slotDir, tmpfsOptions } from './command.ts';
import type { MountOperation } from './mounter.ts';
import type { ParentLink } from './parent-link.ts';

const parts = ['task', 'opt', 'tmp'] as const;

export class Slot {
  readonly number: number;
  readonly #link: ParentLink;
  readonly #folder: string;
  #sources: string[] = [];
  #mounted: string[] = [];

  constructor(link: ParentLink, number: number) {
    this.number = number;
    this.#link = link;
    this.#folder = slotDir(link.runDir, number);
  }

  /** Makes the slot and shows it what the build needs. Rejects when the machine refuses; `release` is due nevertheless. */
  async prepare(build: RuntimeBuild): Promise<{ runtimeDir: string; langDir: string | null }> {
    const runtimeDir = await this.#stage(build.runtimeDir);
    const langDir = build.langDir === null ? null : await this.#stage(build.langDir);
    await this.#link.mounter.run([
      ['mkdir', '0711', this.#folder],
      ...parts.map((name): MountOperation => ['mkdir', '0755', `${this.#folder}/${name}`]),
      ['tmpfs', `${this.#folder}/tmp`, tmpfsOptions(defaultEphemeralStorageMib)],
    ]);
    this.#mounted.push('tmp');
    return { runtimeDir, langDir };
  }

  /** Makes the code appear in the running sandbox. */
  async assign({ taskDir, optDir, ephemeralStorageMib }: SandboxAssignment): Promise<void> {
    const operations: MountOperation[] = [];
    if (ephemeralStorageMib !== defaultEphemeralStorageMib) {
      operations.push(['resize', `${this.#folder}/tmp`, tmpfsOptions(ephemeralStorageMib)]);
    }
    operations.push(['bind', await this.#stage(taskDir), `${this.#folder}/task`]);
    this.#mounted.push('task');
    if (optDir !== null) {
      operations.push(['bind', await this.#stage(optDir), `${this.#folder}/opt`]);
      this.#mounted.push('opt');
    }
    await this.#link.mounter.run(operations);
  }

  /** Unmounts everything; nothing may run in it any more. A parent that has ended took its mounts along. */
  async release(): Promise<void> {
    const run = (...operations: MountOperation[]) => this.#link.mounter.run(operations).catch(() => {});
    await Promise.all([
      ...this.#mounted.map((name) => run(['umount', `${this.#folder}/${name}`])),
      ...parts.map((name) => run(['rmdir', `${this.#folder}/${name}`])),
      run(['rmdir', this.#folder]),
      ...this.#sources.map((source) => this.#link.stage.release(source).catch(() => {})),
    ]);
  }

  async #stage(source: string): Promise<string> {
    const path = await this.#link.stage.acquire(source);
    this.#sources.push(source);
    return path;
  }
}
