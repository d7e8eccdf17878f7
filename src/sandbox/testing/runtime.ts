// The platform's side of bootstrap.mjs: has code evaluated in a sandbox.
import type { Sandbox } from '../driver.ts';
import { encodeJsonFrame, FrameReader, FrameType } from '../frames.ts';

/** Talks to one sandbox, one question at a time. */
export class TestRuntime {
  readonly #sandbox: Sandbox;
  #answers: ((frame: { type: number; body: Buffer }) => void)[] = [];

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    const reader = new FrameReader();
    sandbox.frames.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) this.#answers.shift()?.(frame);
    });
    sandbox.frames.on('error', () => {});
  }

  /** Tells it to become a function: it changes to the folder of the code. */
  async become(env: Record<string, string> = {}): Promise<void> {
    await this.#ask(FrameType.assign, { env, taskRoot: this.#sandbox.paths.task });
  }

  /**
   * Runs `code` inside as the body of an async function that has `require`. Resolves with what it returns; rejects with
   * what it throws, with its `code`. Never settles when the sandbox ends before.
   */
  async evaluate(code: string): Promise<any> {
    const { type, body } = await this.#ask(FrameType.invoke, { code });
    const answer = JSON.parse(body.toString());
    if (type === FrameType.response) return answer.value;
    throw Object.assign(new Error(answer.message), { code: answer.code });
  }

  #ask(type: FrameType, value: unknown): Promise<{ type: number; body: Buffer }> {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      this.#sandbox.frames.write(encodeJsonFrame(type, value));
    });
  }
}
