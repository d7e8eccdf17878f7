// Stops and measures a bubblewrap sandbox by signals and /proc, where control groups are not for us to make.
import type { Meter } from '../meter.ts';
import { anonymousBytesOf, descendantsOf, signalAll, stopDescendants } from '../process-tree.ts';

/** Nothing limits the processor here; memory is limited by the watch on `anonymousBytes` alone. */
export class ProcessMeter implements Meter {
  /** bubblewrap outside the sandbox: every process inside descends from it. */
  readonly #pid: number;
  #stopped: number[] = [];

  constructor(pid: number) {
    this.#pid = pid;
  }

  limitMemory(): void {}

  weighCpu(): void {}

  limitCpu(): void {}

  freeze(): void {
    this.#stopped = stopDescendants(this.#pid);
  }

  thaw(): void {
    signalAll(this.#stopped.splice(0), 'SIGCONT');
  }

  anonymousBytes(): number {
    return anonymousBytesOf(descendantsOf(this.#pid));
  }

  tasks(): number {
    return descendantsOf(this.#pid).length;
  }

  close(): void {}
}
