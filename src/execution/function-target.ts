// What the data plane needs to know of one function version. Made by the Lambda service, read-only here.
import type { DebugSession } from './debugging/debug-session.ts';
import type { PinnedVersion } from './interpreters/index.ts';

export interface FunctionTarget {
  /** Names code and configuration: two targets of the same id may share an environment, others never. */
  id: string;
  /** Unqualified ARN. */
  functionArn: string;
  account: string;
  region: string;
  functionName: string;
  /** `$LATEST` or a number. */
  version: string;
  /** AWS's identifier, e.g. `nodejs24.x`. */
  runtime: string;
  architecture: 'x86_64' | 'arm64';
  handler: string;
  role: string;
  memoryMib: number;
  timeoutMs: number;
  ephemeralStorageMib: number;
  /** The customer's environment variables. */
  variables: Readonly<Record<string, string>>;
  logging: LoggingTarget;
  /** Host folder with the unpacked deployment package. */
  taskDir: string;
  /** Host folder with the merged layers, null for none. */
  optDir: string | null;
  /** A host folder that the function sees, writable, at `mountPath`. */
  fileSystem?: { folder: string; mountPath: string } | undefined;
  /** The runtime version that is to serve it; absent: whichever is best. */
  pinnedVersion?: PinnedVersion | undefined;
  /** Whose invocations alone its environments serve. */
  tenantId?: string | undefined;
  /** Whether requests that nobody decided about may be sampled: it is given an X-Ray daemon from the start. */
  isTraced?: boolean | undefined;
  /** Somebody debugs it: it runs in one environment at a time, whose time limits stand still meanwhile. */
  debug?: DebugSession | undefined;
}

export interface LoggingTarget {
  format: 'Text' | 'JSON';
  group: string;
  /** True when the group is not the function's own: stream names then carry the function's name. */
  customGroup: boolean;
  /** Lowest levels written under JSON. */
  applicationLevel: string;
  systemLevel: string;
}
