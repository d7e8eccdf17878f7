// Gathers a page of events within AWS's limits on count and size.
import { limits } from './limits.ts';

export class Page<T> {
  readonly items: T[] = [];
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds an item and says whether there is room for more. The page may exceed its bytes by its last event. */
  add(item: T, message: string): boolean {
    this.items.push(item);
    this.#bytes += Buffer.byteLength(message) + limits.eventOverheadBytes;
    return this.items.length < this.#limit && this.#bytes < limits.pageBytes;
  }
}
