// A keep-alive HTTP/1.1 connection over a raw socket: sends bytes that were made before, finds the end of the answer.
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  /** `performance.now()` at its first byte. */
  firstByteAt: number;
  /** Of small answers only: the whole body as text. */
  body: string;
}

const bufferBytes = 65_536;

export class HttpConnection {
  #socket!: Socket;
  #settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  #head = '';
  #status = 0;
  #firstByteAt = 0;
  #body = '';
  /** Bytes of the body that are still to come; -1 while the head is read, Infinity when it is sent in chunks. */
  #remaining = -1;

  static open(port: number): Promise<HttpConnection> {
    const connection = new HttpConnection();
    return new Promise((resolve, reject) => {
      const socket = connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: {
          buffer: Buffer.allocUnsafeSlow(bufferBytes),
          callback: (bytes, buffer) => {
            connection.#receive(buffer as Buffer, bytes);
            return true;
          },
        },
      });
      connection.#socket = socket;
      socket.once('connect', () => resolve(connection));
      socket.on('error', reject);
      socket.on('error', (error) => connection.#settle?.reject(error));
      socket.on('close', () => connection.#settle?.reject(new Error('the server closed the connection')));
    });
  }

  /** One request at a time. `resolve` and `reject` are called in the turn of the event loop that brought the end. */
  send(request: Buffer, resolve: (answer: Answer) => void, reject: (error: Error) => void): void {
    this.#settle = { resolve, reject };
    this.#socket.write(request);
  }

  exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => this.send(request, resolve, reject));
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #receive(buffer: Buffer, bytes: number): void {
    let start = 0;
    if (this.#remaining === -1) {
      if (this.#head === '') this.#firstByteAt = performance.now();
      this.#head += buffer.toString('latin1', 0, bytes);
      const end = this.#head.indexOf('\r\n\r\n');
      if (end === -1) return;
      start = bytes - (this.#head.length - end - 4);
      this.#readHead(this.#head.slice(0, end));
    }
    if (this.#remaining < bufferBytes || this.#remaining === Number.POSITIVE_INFINITY) {
      this.#body += buffer.toString('utf8', start, bytes);
    }
    this.#remaining -= bytes - start;
    const chunkedEnd = this.#remaining === Number.POSITIVE_INFINITY && this.#body.endsWith('0\r\n\r\n');
    if (this.#remaining > 0 && !chunkedEnd) return;
    const answer = { status: this.#status, firstByteAt: this.#firstByteAt, body: this.#body };
    const settle = this.#settle;
    this.#head = '';
    this.#body = '';
    this.#remaining = -1;
    this.#settle = undefined;
    settle?.resolve(answer);
  }

  #readHead(head: string): void {
    this.#status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    const isWithoutBody = this.#status === 204;
    if (length !== null) this.#remaining = Number(length[1]);
    else this.#remaining = isWithoutBody ? 0 : Number.POSITIVE_INFINITY;
  }
}
