// What names a function and a version in the rows.

export interface FunctionKey {
  account: string;
  region: string;
  name: string;
}

export interface VersionKey extends FunctionKey {
  number: number;
}
