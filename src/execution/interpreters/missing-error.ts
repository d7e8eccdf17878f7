// No interpreter of the family that a function needs lies on this machine.

/** `message` says what to install. */
export class InterpreterMissingError extends Error {
  override readonly name = 'InterpreterMissingError';
  readonly code = 'INTERPRETER_MISSING';
  readonly runtime: string;

  constructor(runtime: string, advice: string) {
    super(`No interpreter on this machine can run ${runtime}: ${advice}`);
    this.runtime = runtime;
  }
}
