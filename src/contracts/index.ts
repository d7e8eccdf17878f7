// The door to the generated contracts: which services there are, their types, and their schemas on first use.
export type * from './contract.ts';
