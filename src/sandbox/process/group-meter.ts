// Stops and measures a process group.
import type { Meter } from '../meter.ts';
import { anonymousBytesOf, descendantsOf, signalAll } from '../process-tree.ts';

export class ProcessGroupMeter implements Meter {
  /** The group's leader. */
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  limitMemory(): void {}

  weighCpu(): void {}

  limitCpu(): void {}

  freeze(): void {
    signalAll([-this.#pid], 'SIGSTOP');
  }

  thaw(): void {
    signalAll([-this.#pid], 'SIGCONT');
  }

  anonymousBytes(): number {
    return anonymousBytesOf([this.#pid, ...descendantsOf(this.#pid)]);
  }

  tasks(): number {
    return 1 + descendantsOf(this.#pid).length;
  }

  close(): void {}
}
