// What is kept of a function's answer to recursive loops; absent is AWS's default, Terminate.
import { functionNotFound } from './errors.ts';
import { functionArn } from './function-name.ts';
import type { FunctionKey } from './store/index.ts';

export interface RecursionRecord {
  recursiveLoop: 'Allow' | 'Terminate';
}

export const recursionFunctionNotFound = (key: FunctionKey) => functionNotFound(functionArn(key));
