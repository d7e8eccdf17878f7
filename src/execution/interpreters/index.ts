// The interpreters of this machine: which there are, and which of them serves a given Lambda runtime.
export { buildForFunction, withCompanion } from './build-for-function.ts';
export { type FindOptions, findInterpreters, type Interpreters } from './interpreters.ts';
export { InterpreterMissingError } from './missing-error.ts';
export type { Found, PinnedVersion, ResolvedRuntime } from './types.ts';
