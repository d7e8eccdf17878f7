// One place in the run folder where a sandbox's changing parts are mounted: /var/task, /opt, /mnt, /tmp and
// /dev/shm.
import { basename } from 'node:path';
import type { RuntimeBuild, SandboxAssignment } from '../driver.ts';
import { defaultEphemeralStorageMib, slotDir, tmpfsOptions } from './command.ts';
import type { BootMessage } from './messages.ts';
import type { MountOperation } from './mounter.ts';
import type { ParentLink } from './parent-link.ts';
import type { Staging } from './stage.ts';

const parts = ['task', 'opt', 'mnt', 'tmp', 'shm'] as const;
/** The loader passes over folders of LD_LIBRARY_PATH for good when they are not there while a program starts. */
const libraryFolders = ['task/lib', 'opt/lib'] as const;
/** `/dev/shm` is not there at all on AWS; programs that only open it are let. */
const sharedMemoryOptions = 'mode=1777,size=16m,nr_inodes=1024';

export class Slot {
  readonly number: number;
  readonly #link: ParentLink;
  readonly #folder: string;
  #stagings: Staging[] = [];
  #mounted: string[] = [];
  /** Folders below `mnt`. */
  #mountPoints: string[] = [];
  #released = false;

  constructor(link: ParentLink, number: number) {
    this.number = number;
    this.#link = link;
    this.#folder = slotDir(link.runDir, number);
  }

  /** Makes the slot and shows it what the build needs. Rejects when the machine refuses; `release` is due nevertheless. */
  async prepare(build: RuntimeBuild): Promise<Pick<BootMessage, 'runtimeDir' | 'langDir' | 'extras'>> {
    const runtimeDir = this.#stage(build.runtimeDir);
    const extras = Object.fromEntries(
      Object.entries(build.extras ?? {}).map(([name, folder]) => [name, this.#stage(folder)]),
    );
    const langDir = build.langDir === null ? null : this.#stage(build.langDir);
    this.#mounted.push('tmp', 'shm');
    await this.#mount([
      ['mkdir', '0711', this.#folder],
      ...parts.map((name): MountOperation => ['mkdir', '0755', `${this.#folder}/${name}`]),
      ...libraryFolders.map((name): MountOperation => ['mkdir', '0755', `${this.#folder}/${name}`]),
      ['tmpfs', `${this.#folder}/tmp`, tmpfsOptions(defaultEphemeralStorageMib)],
      ['tmpfs', `${this.#folder}/shm`, sharedMemoryOptions],
    ]);
    return { runtimeDir, langDir, extras };
  }

  /** Makes the code appear in the running sandbox. */
  async assign({ taskDir, optDir, ephemeralStorageMib, fileSystem }: SandboxAssignment): Promise<void> {
    if (this.#released) throw new Error('the sandbox has ended');
    const operations: MountOperation[] = [];
    if (ephemeralStorageMib !== defaultEphemeralStorageMib) {
      operations.push(['resize', `${this.#folder}/tmp`, tmpfsOptions(ephemeralStorageMib)]);
    }
    operations.push(['bind', this.#stage(taskDir), `${this.#folder}/task`]);
    this.#mounted.push('task');
    // Without layers there is nothing in /opt.
    if (optDir === null) operations.push(['rmdir', `${this.#folder}/opt/lib`]);
    else {
      operations.push(['bind', this.#stage(optDir), `${this.#folder}/opt`]);
      this.#mounted.push('opt');
    }
    if (fileSystem !== undefined) {
      const point = `mnt/${basename(fileSystem.mountPath)}`;
      this.#mountPoints.push(point);
      this.#mounted.push(point);
      operations.push(['mkdir', '0755', `${this.#folder}/${point}`]);
      operations.push(['lend', fileSystem.folder, `${this.#folder}/${point}`]);
    }
    await this.#mount(operations);
  }

  /** Unmounts everything; nothing may run in it any more. A parent that has ended took its mounts along. */
  async release(): Promise<void> {
    this.#released = true;
    const run = (...operations: MountOperation[]) => this.#link.mounter.run(operations).catch(() => {});
    await Promise.all([
      ...this.#mounted.map((name) => run(['umount', `${this.#folder}/${name}`])),
      ...this.#mountPoints.map((name) => run(['rmdir', `${this.#folder}/${name}`])),
      ...libraryFolders.map((name) => run(['rmdir', `${this.#folder}/${name}`])),
      ...parts.map((name) => run(['rmdir', `${this.#folder}/${name}`])),
      run(['rmdir', this.#folder]),
      ...this.#stagings.map((staging) => this.#link.stage.release(staging).catch(() => {})),
    ]);
  }

  #stage(source: string): string {
    const staging = this.#link.stage.acquire(source);
    this.#stagings.push(staging);
    return staging.path;
  }

  async #mount(operations: MountOperation[]): Promise<void> {
    await Promise.all([...this.#stagings.map(({ mounted }) => mounted), this.#link.mounter.run(operations)]);
  }
}
