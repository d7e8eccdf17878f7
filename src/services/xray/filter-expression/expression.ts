// What a filter expression says, as a tree.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html

export const booleanKeywords = [
  'ok',
  'error',
  'throttle',
  'fault',
  'partial',
  'inferred',
  'first',
  'last',
  'remote',
  'root',
] as const;
export type BooleanKeyword = (typeof booleanKeywords)[number];

export const numberKeywords = ['responsetime', 'duration', 'http.status'] as const;
export type NumberKeyword = (typeof numberKeywords)[number];

export const stringKeywords = [
  'http.url',
  'http.method',
  'http.useragent',
  'http.clientip',
  'user',
  'name',
  'type',
  'message',
  'availabilityzone',
  'instance.id',
  'resource.arn',
] as const;
export type StringKeyword = (typeof stringKeywords)[number];

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'CONTAINS' | 'BEGINSWITH' | 'ENDSWITH';

export type Literal = string | number | boolean;

/** A service by what of it matters; an empty one is any. */
export interface ServicePattern {
  name?: string;
  type?: string;
  accountId?: string;
}

export type Expression =
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'not'; operand: Expression }
  | { kind: 'boolean'; keyword: BooleanKeyword }
  | { kind: 'number'; keyword: NumberKeyword; comparison: Comparison; value: number }
  /** Without a comparison: there is one. */
  | { kind: 'string'; keyword: StringKeyword; comparison?: Comparison; value?: string }
  | { kind: 'annotation'; key: string; comparison?: Comparison; value?: Literal }
  | { kind: 'group'; by: 'name' | 'arn'; value: string }
  | { kind: 'service'; service: ServicePattern; filter?: Expression }
  | { kind: 'edge'; source: ServicePattern; destination: ServicePattern; filter?: Expression };
