// What is wrong with an event pattern, in the words that EventBridge has for it.

/** `message` is the reason alone, e.g. `Empty arrays are not allowed`; each service puts its own words around it. */
export class EventPatternError extends Error {
  override readonly name = 'EventPatternError';
}
