// What is known of an interpreter, before and after a Lambda runtime has been matched with it.
import type { RuntimeBuild } from '../../sandbox/index.ts';

/** An interpreter that lies on this machine. */
export interface Found {
  family: 'nodejs' | 'python' | 'java' | 'ruby' | 'dotnet';
  /** Numbers of its version, most significant first, e.g. `[24, 21, 0]`; the last may be unknown until it is asked. */
  version: number[];
  /** The executable, with symbolic links resolved. */
  executable: string;
  /** Folder that can be shown elsewhere as a whole, with `bin/` below it; null when it is part of the system's /usr. */
  prefix: string | null;
  /** Where it was found, e.g. `bundled`, `PATH`, `pyenv`. */
  source: string;
}

/** A program's command line, inside a sandbox and on the host. */
export type CommandLine = Pick<RuntimeBuild, 'command' | 'hostCommand'>;

export interface ResolvedRuntime extends RuntimeBuild {
  /** How it is started for one function alone; absent for custom runtimes, which always are. See build-for-function.ts. */
  alone?: CommandLine & Pick<RuntimeBuild, 'extras'>;
  /** What stands in front of its command line when it has external extensions: see runtimes/provided/companion.sh. */
  companion?: CommandLine & Pick<RuntimeBuild, 'extras'>;
  /** As INIT_START shows it, e.g. `nodejs:24.v21`. */
  versionLabel: string;
  /** 64 hexadecimal digits that change with the interpreter and with Lambent's bootstrap: the end of the runtime version ARN. */
  versionHash: string;
}

/** A version of a runtime that is to serve instead of the best one. */
export interface PinnedVersion {
  /** As `versionHash` of the build. */
  versionHash: string;
  /** Whether nothing else may serve when it is not installed. */
  strict: boolean;
}
