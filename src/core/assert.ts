// What must hold whatever anyone sends; a failure is a bug of ours and says so.

/** Throws when `condition` is false. `expectation` states what should have held. */
export function assert(condition: unknown, expectation: string): asserts condition {
  if (!condition) throw new Error(`expected: ${expectation}`);
}
