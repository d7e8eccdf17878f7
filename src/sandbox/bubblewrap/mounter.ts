// Asks the mounter (mounter.pl or mounter.sh, living in the sandbox parent's mount namespace) to mount and unmount.
import type { Socket } from 'node:net';
import { stopReading } from './hand-over.ts';

/**
 * One operation: its name and its words. `tmpfs` and `share` mount a new tmpfs, `share` so that later mounts in it
 * propagate; `resize` changes a tmpfs's options; `bind` shows a folder elsewhere with the flags it has; `stage` binds and
 * makes read-only; `lend` binds what functions may write.
 */
export type MountOperation =
  | ['mkdir', mode: string, path: string]
  | ['rmdir', path: string]
  | ['tmpfs', path: string, options: string]
  | ['share', path: string, options: string]
  | ['resize', path: string, options: string]
  | ['bind', source: string, target: string]
  | ['stage', source: string, target: string]
  | ['lend', source: string, target: string]
  | ['umount', path: string];

function escapeWord(word: string): string {
  return word.replace(/[^\w/.,=:@+-]+/g, (odd) =>
    Array.from(Buffer.from(odd), (byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join(''),
  );
}

export function encodeRequest(operations: MountOperation[]): string {
  return `${operations.map((words) => words.map(escapeWord).join(' ')).join(';')}\n`;
}

export class Mounter {
  #socket: Socket;
  #waiting: { resolve(): void; reject(error: Error): void }[] = [];
  #text = '';

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the mounter has ended'));
    });
  }

  /** Does the operations in order. Rejects with the first that failed; those before it stay done. */
  run(operations: MountOperation[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the mounter has ended'));
      this.#waiting.push({ resolve, reject });
      this.#socket.write(encodeRequest(operations));
    });
  }

  /** Gives the socket up, to be handed to another process; nothing may be waiting. */
  release(): void {
    this.#socket.removeAllListeners();
    stopReading(this.#socket);
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop()!;
    for (const line of lines) {
      const { resolve, reject } = this.#waiting.shift()!;
      if (line === 'ok') resolve();
      else reject(new Error(`mounting failed: ${line.replace(/^error /, '')}`));
    }
  }
}
