// Numbers that grow for ever, also over restarts: of messages, their positions and message sets.
import type { Database } from '../../../storage/index.ts';
import { bounds } from '../limits.ts';

export class Numbers {
  readonly #database: Database;
  #last = 0;
  #end = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** To be awaited before `next`, outside of any transaction: takes a further range when this one ends soon. */
  async stocked(): Promise<void> {
    if (this.#end - this.#last > bounds.numbersAtOnce / 2) return;
    const end = await this.#database.transaction(async (queries) => {
      await queries.run("UPDATE sqs_number SET taken = taken + ? WHERE name = 'all'", bounds.numbersAtOnce);
      return (await queries.get<{ taken: number }>("SELECT taken FROM sqs_number WHERE name = 'all'"))!.taken;
    });
    if (this.#end <= this.#last) this.#last = end - bounds.numbersAtOnce;
    this.#end = Math.max(this.#end, end);
  }

  next(): number {
    if (this.#last >= this.#end) throw new Error('numbers have run out');
    return ++this.#last;
  }
}
