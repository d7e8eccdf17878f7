// A server that is killed in the middle of its work, and stands up again at the same address over the same data.
import { setTimeout as pause } from 'node:timers/promises';
import { startTestServer, type TestServer, type TestServerOptions } from '../server.ts';

/** Epoch milliseconds. What the old server began may show until `to`, when the new one is up: sandboxes end a little later. */
export interface Kill {
  from: number;
  to: number;
}

/** `SIGKILL` is a crash; at `SIGTERM` it may finish what runs. */
export type Signal = 'SIGKILL' | 'SIGTERM';

export class CrashingServer {
  readonly kills: Kill[] = [];
  readonly #options: TestServerOptions;
  #server: TestServer;
  /** Settles when it is up again. */
  #up: Promise<void> = Promise.resolve();

  private constructor(server: TestServer, options: TestServerOptions) {
    this.#server = server;
    this.#options = options;
  }

  static async start(options: TestServerOptions = {}): Promise<CrashingServer> {
    return new CrashingServer(await startTestServer(options), options);
  }

  get url(): string {
    return this.#server.url;
  }

  get dataDir(): string {
    return this.#server.dataDir;
  }

  get server(): TestServer {
    return this.#server;
  }

  /** Ends it by `signal`; resolves when it serves again. One after the other. */
  kill(signal: Signal): Promise<void> {
    this.#up = this.#up.then(async () => {
      const { port, dataDir, process } = this.#server;
      const ended = new Promise((resolve) => process.once('exit', resolve));
      const kill = { from: Date.now(), to: Number.POSITIVE_INFINITY };
      this.kills.push(kill);
      process.kill(signal);
      await ended;
      const flags = [...(this.#options.flags ?? []), '--port', String(port)];
      this.#server = await startTestServer({ ...this.#options, dataDir, flags });
      kill.to = Date.now();
    });
    return this.#up;
  }

  /** Makes a call, again and again while there is no server; `onCut` is told of each call that was cut off. */
  async persist<T>(call: () => Promise<T>, onCut: () => void = () => {}): Promise<T> {
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (!isCut(error)) throw error;
        onCut();
        await this.#up;
        await pause(20);
      }
    }
  }

  async stop(): Promise<void> {
    await this.#up;
    await this.#server.stop();
  }
}

/** Whether the connection failed, so that nobody knows whether the call was heard. */
function isCut(error: unknown): boolean {
  const { code, name, $response } = error as { code?: string; name?: string; $response?: unknown };
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND'].includes(code ?? '') || (name === 'TimeoutError' && !$response)
  );
}
