// The door to the generated contracts: which services there are, their types, and their schemas on first use.
export type * from './contract.ts';
export { doubleSchema, loadContract } from './load.ts';
export { compilePattern } from './pattern.ts';
export { serviceNames } from './services.ts';
export type { InputOf, OutputOf } from './types.ts';

import type { OperationsByService } from './services.ts';

/** Our name of a service, e.g. `lambda`, `logs`. */
export type ServiceName = keyof OperationsByService;

/** `{ Invoke: { input, output }, … }` of a service; of a union of services, what all of them have. */
export type OperationsOf<S extends ServiceName> = OperationsByService[S];
