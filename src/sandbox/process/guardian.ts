// A shell that ends the sandboxes' processes when the server goes without doing so itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programEnvironment } from '../find-program.ts';

export class Guardian {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;

  /** `folder` is removed when the guardian ends. */
  constructor(folder: string) {
    const script = fileURLToPath(new URL('guardian.sh', import.meta.url));
    // A session of its own, so that a terminal's interrupt does not reach it.
    this.#process = spawn('sh', [script, folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: programEnvironment,
    });
    this.#ended = new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', () => resolve());
    });
    this.#process.stdin!.on('error', () => {});
  }

  add(processGroup: number): void {
    this.#process.stdin!.write(`+ ${processGroup}\n`);
  }

  remove(processGroup: number): void {
    this.#process.stdin!.write(`- ${processGroup}\n`);
  }

  close(): Promise<void> {
    this.#process.stdin!.end();
    return this.#ended;
  }
}
