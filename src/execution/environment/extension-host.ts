// The extensions' side of an environment: starts external ones, serves their APIs, tells them what happens, ends them.
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Sandbox, SandboxExit } from '../../sandbox/index.ts';
import type { FunctionTarget } from '../function-target.ts';
import type { Routes } from '../runtime-api/api-server.ts';
import { extensionRoutes } from '../runtime-api/extension-routes.ts';
import type { InvocationEvent } from '../runtime-api/runtime-door.ts';
import { telemetryRoutes } from '../runtime-api/telemetry-routes.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Companion } from './companion.ts';
import type { EnvironmentLog } from './environment-log.ts';
import { type PlatformError, terminationText } from './exit-errors.ts';
import { Extensions, maxExtensions, type ShutdownReason } from './extensions.ts';
import { extensionVariables } from './variables.ts';

export interface ExtensionHostParts {
  sandbox: Sandbox;
  target: FunctionTarget;
  log: EnvironmentLog;
  clock: Clock;
  ids: Ids;
  /** Names of its external extensions; the sandbox has a companion where there are any. */
  files: readonly string[];
  /** An extension has failed, and the environment is to end. */
  failed(error: PlatformError): void;
  /** The runtime of a sandbox with a companion has ended. */
  runtimeExited(exit: SandboxExit): void;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown */
const shutdownLimitMs = { external: 2_000, internal: 500 };
/** How much of it the runtime has for itself, where there are external extensions. */
const runtimeShutdownLimitMs = 300;

/** What the kernel says to a program that cannot be started. */
const launchTexts: Record<string, string> = {
  EACCES: 'permission denied',
  ENOENT: 'no such file or directory',
  ENOEXEC: 'exec format error',
};

export class ExtensionHost {
  readonly routes: Routes[];
  readonly #parts: ExtensionHostParts;
  readonly #telemetry: Telemetry;
  #companion: Companion | undefined;
  /** undefined until one is started or registers: most functions have none. */
  #extensions: Extensions | undefined;

  constructor(parts: ExtensionHostParts) {
    this.#parts = parts;
    this.#telemetry = parts.log.telemetry;
    const { sandbox, target, ids, files } = parts;
    if (files.length > 0) {
      this.#companion = new Companion(sandbox.companion!, {
        line: (text) => parts.log.extensionRecord(parts.clock.now(), text),
        extensionExited: (index, exit, error) => this.#exited(files[index]!, exit, error),
        runtimeExited: parts.runtimeExited,
      });
    }
    const extensions = () => this.#made();
    this.routes = [
      extensionRoutes({ target, extensions, uuid: () => ids.uuid() }),
      telemetryRoutes({
        extensions,
        isOpen: () => this.#telemetry.isOpen,
        subscribedBy: ({ id }) => this.#telemetry.subscribedBy(id),
        subscribe: ({ id, name }, request) => {
          const isFirst = this.#telemetry.subscribedBy(id) === undefined;
          this.#telemetry.subscribe(id, request, (port) => sandbox.connect(port));
          if (isFirst) parts.log.subscription(name, request);
        },
      }),
    ];
  }

  /**
   * Starts the external extensions; resolves when all have registered, which the runtime waits for. undefined for none.
   * `variables` are the function's.
   */
  start(variables: Record<string, string>): Promise<void> | undefined {
    const { files, sandbox, failed } = this.#parts;
    if (files.length === 0) return undefined;
    const extensions = this.#made();
    for (const name of files.slice(0, maxExtensions)) extensions.add(name);
    if (files.length > maxExtensions) {
      failed({ errorType: 'Extension.LaunchError', message: `Extension limit (${maxExtensions}) reached` });
      return new Promise(() => {});
    }
    this.#companion!.start({
      extensions: files.map((name) => ({ file: `${sandbox.paths.opt}/extensions/${name}` })),
      env: extensionVariables(variables),
    });
    return extensions.allRegistered();
  }

  /** The runtime is ready; resolves when all extensions are, too. undefined when that is so. */
  runtimeReady(): Promise<void> | undefined {
    this.#extensions?.closeRegistration();
    return this.#extensions?.allReady();
  }

  /** The init is over, one way or the other. */
  initEnded(): void {
    this.#extensions?.closeRegistration();
    this.#telemetry.closeSubscriptions();
    for (const extension of this.#extensions?.list ?? []) this.#parts.log.extension(extension);
  }

  /** An invocation begins. */
  invoke({ deadlineMs, requestId, invokedArn, traceId }: InvocationEvent): void {
    this.#extensions?.invoke({
      eventType: 'INVOKE',
      deadlineMs: Math.floor(deadlineMs),
      requestId,
      invokedFunctionArn: invokedArn,
      tracing: { type: 'X-Amzn-Trace-Id', value: traceId ?? '' },
    });
  }

  /** Resolves when no extension is busy any more; undefined when none is. */
  busy(): Promise<void> | undefined {
    return this.#extensions?.allReady();
  }

  freeze(): void {
    this.#telemetry.freeze();
  }

  thaw(): void {
    this.#telemetry.thaw();
  }

  /** Lets runtime and extensions end in good order, for as long as AWS does; undefined where nobody is to be told. */
  shutDown(reason: ShutdownReason): Promise<void> | undefined {
    const extensions = this.#extensions;
    if (extensions === undefined) return undefined;
    const isOver = extensions.list.every(({ state }) => state === 'Started');
    extensions.shutDown();
    if (isOver) return undefined;
    this.#parts.sandbox.thaw();
    this.#telemetry.hurry();
    return extensions.hasExternal ? this.#shutDownAll(extensions, reason) : this.#shutDownRuntime();
  }

  close(): void {
    this.#telemetry.close();
  }

  async #shutDownAll(extensions: Extensions, shutdownReason: ShutdownReason): Promise<void> {
    const { clock } = this.#parts;
    const startedAt = clock.monotonic();
    const companion = this.#companion!;
    companion.terminateRuntime();
    await this.#atMost(runtimeShutdownLimitMs, companion.runtimeEnded);
    const leftMs = shutdownLimitMs.external - (clock.monotonic() - startedAt);
    const deadlineMs = Math.floor(clock.now() + leftMs);
    extensions.tellShutdown({ eventType: 'SHUTDOWN', shutdownReason, deadlineMs });
    const ended = extensions.toldHaveEnded();
    if (ended !== undefined) await this.#atMost(leftMs, ended);
  }

  /** Those that are part of the runtime end with it. */
  async #shutDownRuntime(): Promise<void> {
    const { sandbox } = this.#parts;
    sandbox.terminate();
    await this.#atMost(shutdownLimitMs.internal, sandbox.exited);
  }

  async #atMost(limitMs: number, what: Promise<unknown>): Promise<void> {
    const { clock, sandbox } = this.#parts;
    let cancel = () => {};
    const limit = new Promise<void>((resolve) => {
      cancel = clock.after(Math.max(0, limitMs), resolve);
    });
    await Promise.race([what, sandbox.exited, limit]);
    cancel();
  }

  #made(): Extensions {
    const { ids, clock, failed } = this.#parts;
    this.#extensions ??= new Extensions({
      uuid: () => ids.uuid(),
      after: (delayMs, action) => clock.after(delayMs, action),
      failed,
    });
    return this.#extensions;
  }

  #exited(name: string, exit: Omit<SandboxExit, 'outOfMemory'>, error: string | undefined): void {
    const file = `/opt/extensions/${name}`;
    if (error === undefined) this.#made().exited(name, terminationText(exit));
    else {
      const how = `fork/exec ${file}: ${launchTexts[error] ?? error}`;
      this.#made().exited(name, how, error === 'EACCES' ? 'PermissionDenied' : 'UnknownError');
    }
  }
}
