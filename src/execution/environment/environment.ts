// One execution environment: a sandbox that has become a function version and serves its invocations one at a time.
import type { Socket } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { AssignFrame, RuntimeBuild, Sandbox, SandboxExit } from '../../sandbox/index.ts';
import type { FunctionTarget } from '../function-target.ts';
import type { Invocation, InvocationPhases, Outcome, Usage } from '../invocation/invocation.ts';
import { FrameDoor } from '../runtime-api/frame-door.ts';
import { ApiServer } from '../runtime-api/api-server.ts';
import { HttpDoor, tooLargeAnswer } from '../runtime-api/http-door.ts';
import { maxResponseBytes } from '../runtime-api/read-payload.ts';
import type { RuntimeAnswer, RuntimeDoor, RuntimeDoorEvents } from '../runtime-api/runtime-door.ts';
import { type BillingGranularity, billedDurationMs } from './billed-duration.ts';
import type { EnvironmentLog, InvocationStatus, Span } from './environment-log.ts';
import { type EnvironmentEvent, type EnvironmentState, nextState } from './environment-state.ts';
import { ExtensionHost } from './extension-host.ts';
import type { ShutdownReason } from './extensions.ts';
import { exitError, type PlatformError, platformErrorPayload, timeoutError } from './exit-errors.ts';
import { ResponseBody } from './response-body.ts';
import type { Tracing } from './log-records.ts';
import { LineSplitter } from './line-splitter.ts';
import { TracingDaemon, type TracingDaemonParts } from './tracing-daemon.ts';
import { functionVariables, type RoleCredentials } from './variables.ts';

export interface EnvironmentParts extends TracingDaemonParts {
  clock: Clock;
  ids: Ids;
  /** How long an environment keeps running after an invocation before it is frozen. */
  freezeAfterMs: number;
  billingGranularity: BillingGranularity;
  /** Serves a connection that the function made to Lambent's own endpoint. */
  acceptFromFunction(socket: Socket): void;
}

export interface InitFailure extends InitProblem {
  /** Most memory that the runtime had, as REPORT shows it. */
  maxMemoryMib: number;
}

/** Why initialisation failed: what the runtime reported, or what the platform saw. */
interface InitProblem {
  status: 'timeout' | 'error';
  errorType: string;
  /** The error's JSON, when the runtime reported one. */
  payload: Buffer | undefined;
  /** What the platform saw, when the runtime reported nothing. */
  error: PlatformError | undefined;
}

/** How an invocation ended, before it is an Outcome. */
type Ending = { answer: RuntimeAnswer } | { timedOut: true } | { failed: PlatformError };

/** What a caller gets, before what the invocation took is known. */
type Told = { kind: 'success'; payload: Buffer } | { kind: 'function-error'; errorType: string; payload: Buffer };

/** How long an answer waits for extensions that are about to be done. */
const extensionGraceMs = 2;
/** How long the output of a dead process may take to arrive. */
const drainLimitMs = 250;
/** How often the processes of an environment that never rests are counted. */
const countEveryMs = 1_000;

export class Environment {
  readonly target: FunctionTarget;
  readonly log: EnvironmentLog;
  /** Called once, when the environment can serve no more. */
  onGone: () => void = () => {};
  /** Called before `onGone`: it is about to give its memory back. */
  onEnding: () => void = () => {};
  /** Called whenever it comes to rest, with the memory that it takes. */
  onRest: (usedMib: number) => void = () => {};
  /** Resolves when its processes are gone. */
  readonly gone: Promise<void>;
  /** Monotonic milliseconds. */
  readonly bornAt: number;
  /** Whether it ended in the middle of an invocation, for whatever its runtime did, other than by taking too long. */
  #hasCrashed = false;
  /** Whether its runtime has answered what it was not asked. */
  #isDistrusted = false;
  /** Monotonic milliseconds at which its processes were counted last. */
  #countedAt: number;
  readonly #sandbox: Sandbox;
  readonly #build: RuntimeBuild;
  readonly #parts: EnvironmentParts;
  readonly #door: RuntimeDoor;
  readonly #host: ExtensionHost;
  readonly #api: ApiServer;
  readonly #daemon: TracingDaemon;
  readonly #output: LineSplitter[];
  #state: EnvironmentState = 'initializing';
  #onInit: (problem: InitProblem | undefined) => void = () => {};
  #onEnding: ((ending: Ending) => void) | undefined;
  /** Set while extensions are busy with an invocation that the runtime has answered. */
  #onExtensionsFailed: ((error: PlatformError) => void) | undefined;
  #stopped: Promise<void> | undefined;
  #cancelFreeze: (() => void) | undefined;
  /** Duration of a successful init, until the first REPORT has told it. */
  #initDurationMs: number | undefined;
  /** When it was, until the first invocation that is traced has told it. */
  #initialization: { from: number; to: number } | undefined;
  #maxMemoryMib = 0;
  /** Of the invocation that runs. */
  #body = new ResponseBody(undefined);
  #startedAt = 0;
  #answeredAt = 0;
  /** When its response began, if it came in pieces. */
  #respondedAt: number | undefined;

  /** `extensionFiles` are the names of its external extensions. */
  constructor(
    sandbox: Sandbox,
    build: RuntimeBuild,
    target: FunctionTarget,
    log: EnvironmentLog,
    parts: EnvironmentParts,
    extensionFiles: readonly string[] = [],
  ) {
    this.target = target;
    this.log = log;
    this.bornAt = parts.clock.monotonic();
    this.#countedAt = this.bornAt;
    this.#sandbox = sandbox;
    this.#build = build;
    this.#parts = parts;
    this.#daemon = new TracingDaemon(sandbox, target, parts);
    const events: RuntimeDoorEvents = {
      ready: (maxRssKib) => {
        this.#noteMemory(maxRssKib);
        log.initRuntimeDone('success');
        const waiting = this.#host.runtimeReady();
        if (waiting === undefined) this.#onInit(undefined);
        else void waiting.then(() => this.#onInit(undefined));
      },
      initError: (errorType, payload, maxRssKib) => {
        this.#noteMemory(maxRssKib);
        this.#onInit({ status: 'error', errorType, payload, error: undefined });
      },
      answer: (answer) => this.#end({ answer }),
      responseStart: (contentType) => {
        this.#respondedAt ??= parts.clock.monotonic();
        this.#body.start(contentType);
      },
      responseChunk: (bytes) => this.#body.write(bytes),
      log: (timeMs, text) => log.record(timeMs, text),
      strayed: () => this.#distrust(),
      broken: (reason) => this.#fail({ errorType: 'Runtime.Unknown', message: reason }),
    };
    this.#host = new ExtensionHost({
      ...{ sandbox, target, log, clock: parts.clock, ids: parts.ids, files: extensionFiles },
      failed: (error) => this.#fail(error),
      runtimeExited: (exit) => void this.#runtimeExited(exit),
    });
    const { routes } = this.#host;
    if (speaksHttp(build)) {
      const door = new HttpDoor(sandbox, events);
      this.#door = door;
      this.#api = new ApiServer(sandbox, [door.routes, ...routes]);
    } else {
      this.#door = new FrameDoor(sandbox, events);
      this.#api = new ApiServer(sandbox, routes);
    }
    this.#output = [sandbox.stdout, sandbox.stderr].map((stream) => {
      const lines = new LineSplitter((line) => log.record(parts.clock.now(), line));
      stream.on('data', (chunk: Buffer) => lines.push(chunk));
      return lines;
    });
    sandbox.endpoint.on('connection', parts.acceptFromFunction);
    this.gone = sandbox.exited.then((exit) => this.#exited(exit));
  }

  get state(): EnvironmentState {
    return this.#state;
  }

  get hasCrashed(): boolean {
    return this.#hasCrashed;
  }

  /**
   * Makes the sandbox the function: code, limits, variables, handler. Resolves to undefined when the handler is loaded.
   * After a failure the environment is gone.
   */
  async initialize(credentials: RoleCredentials, limitMs: number): Promise<InitFailure | undefined> {
    const { clock } = this.#parts;
    // Not the function's doing, and so no part of its init.
    const opening = this.#daemon.openAhead();
    if (opening !== undefined) await opening;
    const startedAt = clock.monotonic();
    const { target } = this;
    const problem = await new Promise<InitProblem | undefined>((resolve, reject) => {
      const cancel = this.#after(limitMs, () => resolve(timedOutInit(limitMs)));
      this.#onInit = (result) => {
        cancel();
        resolve(result);
      };
      this.#sandbox
        .assign({
          taskDir: target.taskDir,
          optDir: target.optDir,
          memoryMib: target.memoryMib,
          ephemeralStorageMib: target.ephemeralStorageMib,
          fileSystem: target.fileSystem,
        })
        .then(() => {
          const daemon = this.#daemon.address;
          const env = functionVariables(target, this.#build, this.#sandbox, this.log, credentials, daemon);
          const registered = this.#host.start(env);
          if (registered === undefined) this.#assign(env);
          else void registered.then(() => this.#assign(env));
        }, reject);
    }).catch(async (error: unknown) => {
      // The machine's fault: nothing of it may stay behind.
      await this.stop();
      throw error;
    });
    this.#onInit = () => {};
    if (problem !== undefined) {
      if (problem.payload === undefined) this.#noteMemory(undefined);
      await this.#collectOutput();
      const { status, errorType } = problem;
      this.log.initRuntimeDone(status, status === 'timeout' ? undefined : errorType);
      this.#host.initEnded();
      void this.stop(status === 'timeout' ? 'TIMEOUT' : 'FAILURE');
      return { ...problem, maxMemoryMib: this.#maxMemoryMib };
    }
    // What was initialised ahead of its invocations is not part of the first of them.
    const durationMs = clock.monotonic() - startedAt;
    this.#host.initEnded();
    this.log.initSucceeded(durationMs);
    if (this.log.initializationType === 'on-demand') this.#initDurationMs = durationMs;
    const now = clock.now();
    this.#initialization = { from: now - durationMs, to: now };
    this.#become('initialized');
    // Until here it could use the whole machine, as Lambda lets functions do while they initialise.
    this.#sandbox.limitCpu();
    this.#restSoon();
    return undefined;
  }

  /**
   * Serves one invocation. The environment may be gone afterwards. `repeatedInitMs` is how long its init took, when it was
   * part of this invocation, because the one before it had failed.
   */
  async invoke(invocation: Invocation, repeatedInitMs?: number): Promise<Outcome> {
    const { clock } = this.#parts;
    const initMs = repeatedInitMs ?? 0;
    if (repeatedInitMs !== undefined) this.#initDurationMs = undefined;
    const timeoutMs = Math.max(1, this.target.timeoutMs - initMs);
    if (this.#state === 'frozen') {
      this.#sandbox.thaw();
      this.#host.thaw();
    }
    this.#become('lease');
    this.#cancelFreeze?.();
    this.#cancelFreeze = undefined;
    this.log.start(invocation.requestId, invocation.logTail, tracingOf(invocation));

    const opening = invocation.trace === undefined ? undefined : this.#daemon.openForTrace();
    if (opening !== undefined) await opening;
    this.#body = new ResponseBody(invocation.responseSink);
    const startedAt = clock.monotonic();
    this.#startedAt = startedAt;
    this.#respondedAt = undefined;
    const ending = await new Promise<Ending>((resolve) => {
      const cancel = this.#after(timeoutMs, () => this.#end({ timedOut: true }));
      this.#onEnding = (result) => {
        cancel();
        resolve(result);
      };
      const event = {
        requestId: invocation.requestId,
        deadlineMs: clock.now() + timeoutMs,
        invokedArn: invocation.invokedArn,
        payload: invocation.payload,
        traceId: invocation.traceId,
        clientContext: invocation.clientContext,
        tenantId: this.target.tenantId,
      };
      this.#host.invoke(event);
      this.#door.invoke(event);
    });
    this.#answeredAt = clock.monotonic();
    const durationMs = 'timedOut' in ending ? timeoutMs : this.#answeredAt - startedAt;
    return this.#settle(invocation, ending, initMs + durationMs);
  }

  /**
   * Ends the environment: at once, or where it has extensions after they had their time. Resolves when its processes are
   * gone and all they wrote is in the log. Idempotent.
   */
  stop(reason: ShutdownReason = 'SPINDOWN'): Promise<void> {
    if (this.#state !== 'gone') this.#leave();
    this.#stopped ??= this.#shutDown(reason);
    return this.#stopped;
  }

  async #shutDown(reason: ShutdownReason): Promise<void> {
    const shutdown = this.#host.shutDown(reason);
    if (shutdown !== undefined) await shutdown;
    await this.#sandbox.kill();
    await this.#drain();
    this.#host.close();
    this.#api.close();
    this.#door.close();
    this.#sandbox.endpoint.close();
  }

  /** Tells the runtime which function it is. */
  #assign(env: Record<string, string>): void {
    const { target } = this;
    this.#door.assign({
      env,
      handler: target.handler,
      taskRoot: this.#sandbox.paths.task,
      optRoot: this.#sandbox.paths.opt,
      functionName: target.functionName,
      functionVersion: target.version,
      memoryLimitInMb: target.memoryMib,
      logFormat: target.logging.format,
      applicationLogLevel: target.logging.format === 'JSON' ? target.logging.applicationLevel : null,
      logGroupName: this.log.group,
      logStreamName: this.log.stream,
      ...this.#debugAssignment(),
    });
  }

  async #settle(invocation: Invocation, ending: Ending, durationMs: number): Promise<Outcome> {
    const { requestId } = invocation;
    if ('answer' in ending) {
      const isTooLarge = ending.answer.payload.length > maxResponseBytes || this.#body.isTooLarge;
      const answer: RuntimeAnswer = isTooLarge ? tooLargeAnswer : ending.answer;
      await this.#collectOutput();
      this.#noteMemory(answer.maxRssKib);
      const succeeded = answer.errorType === undefined;
      const payload = succeeded ? this.#body.end(answer.payload) : answer.payload;
      this.#hasCrashed = ending.answer.fatal === true;
      this.#runtimeDone(requestId, durationMs, this.#body.producedBytes + answer.payload.length);
      const told = toldOf(answer.errorType, payload);
      const busy = this.#hasCrashed ? undefined : this.#host.busy();
      if (busy !== undefined) return this.#finishWithExtensions(invocation, told, busy, durationMs);
      // A handler's own error is the function's business: REPORT names only what ended the runtime.
      const { logTail, usage } = this.#report(invocation, durationMs, 'success', undefined);
      if (this.#hasCrashed) void this.stop('FAILURE');
      else this.#release();
      return { ...told, logTail, usage };
    }
    this.#noteMemory(undefined);
    const error = errorOf(ending, this.target.timeoutMs);
    await this.#collectOutput();
    const timedOut = 'timedOut' in ending;
    const [status, errorType] = timedOut ? (['timeout', undefined] as const) : (['error', error.errorType] as const);
    if (timedOut) this.log.timedOut(requestId, this.target.timeoutMs);
    else this.log.broke(requestId, error);
    this.log.runtimeDone(requestId, { status, errorType, durationMs, producedBytes: this.#body.producedBytes });
    const { logTail, usage } = this.#report(invocation, durationMs, status, errorType);
    this.#hasCrashed = !timedOut;
    // The caller does not wait until the processes are gone.
    void this.stop(timedOut ? 'TIMEOUT' : 'FAILURE');
    return {
      kind: 'function-error',
      errorType: error.errorType,
      payload: platformErrorPayload(requestId, error),
      logTail,
      usage,
    };
  }

  #report(
    { requestId, trace }: Invocation,
    durationMs: number,
    status: InvocationStatus,
    errorType: string | undefined,
    extensionsMs?: number,
  ): { logTail: Buffer | undefined; usage: Usage } {
    const initDurationMs = this.#initDurationMs;
    this.#initDurationMs = undefined;
    const phases = trace === undefined ? undefined : this.#phases();
    this.#initialization = undefined;
    const time = { durationMs, initDurationMs };
    const usage: Usage = {
      durationMs,
      billedDurationMs: billedDurationMs(this.#parts.billingGranularity, time),
      initDurationMs,
      streamedBytes: this.#body.streamedBytes,
      phases,
      ...(extensionsMs === undefined ? {} : { extensionsMs }),
    };
    const memory = { memorySizeMib: this.target.memoryMib, maxMemoryUsedMib: this.#maxMemoryMib };
    const spans: Span[] | undefined =
      extensionsMs === undefined
        ? undefined
        : [{ name: 'extensionOverhead', startMs: this.#parts.clock.now() - extensionsMs, durationMs: extensionsMs }];
    return { logTail: this.log.end(requestId, status, errorType, { ...usage, ...memory }, spans), usage };
  }

  #runtimeDone(requestId: string, durationMs: number, producedBytes: number): void {
    if (!this.log.tellsRuntimeDone) return;
    const { clock } = this.#parts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const answeredAt = this.#answeredAt;
    const respondedAt = this.#respondedAt ?? answeredAt;
    const span = (name: Span['name'], from: number, to: number): Span => ({
      name,
      startMs: now - (monotonic - from),
      durationMs: to - from,
    });
    const spans = [
      span('responseLatency', this.#startedAt, respondedAt),
      span('responseDuration', respondedAt, answeredAt),
      span('runtimeOverhead', answeredAt, monotonic),
    ];
    this.log.runtimeDone(requestId, { status: 'success', durationMs, producedBytes, spans });
  }

  /**
   * The caller has its answer; the invocation lasts until the extensions are done, within the function's timeout. Who
   * asked for the end of the log waits for it.
   */
  async #finishWithExtensions(
    invocation: Invocation,
    told: Told,
    busy: Promise<void>,
    answeredMs: number,
  ): Promise<Outcome> {
    const finished = this.#extensionsDone(invocation, busy, answeredMs);
    if (invocation.logTail) return { ...told, ...(await finished) };
    // Most have done their work by now: their environment is then free for the caller's next invocation.
    const soon = await Promise.race([finished, this.#briefly()]);
    if (soon !== undefined) return { ...told, ...soon };
    const completed = finished.then(({ usage }) => usage);
    const billedMs = Math.ceil(answeredMs);
    const usage = { durationMs: answeredMs, billedDurationMs: billedMs, initDurationMs: undefined, streamedBytes: 0 };
    return { ...told, logTail: undefined, usage, completed };
  }

  #briefly(): Promise<undefined> {
    return new Promise((resolve) => this.#parts.clock.after(extensionGraceMs, () => resolve(undefined)));
  }

  async #extensionsDone(
    invocation: Invocation,
    busy: Promise<void>,
    answeredMs: number,
  ): Promise<{ logTail: Buffer | undefined; usage: Usage }> {
    const { clock } = this.#parts;
    const { timeoutMs } = this.target;
    const answeredAt = clock.monotonic();
    const end = await new Promise<'done' | 'timeout' | PlatformError>((resolve) => {
      const cancel = this.#after(Math.max(0, timeoutMs - answeredMs), () => resolve('timeout'));
      const settle = (how: 'done' | PlatformError) => {
        cancel();
        resolve(how);
      };
      void busy.then(() => settle('done'));
      this.#onExtensionsFailed = settle;
    });
    this.#onExtensionsFailed = undefined;
    const extensionsMs = clock.monotonic() - answeredAt;
    this.#noteMemory(undefined);
    if (end === 'done') {
      const report = this.#report(invocation, answeredMs + extensionsMs, 'success', undefined, extensionsMs);
      this.#release();
      return report;
    }
    if (end === 'timeout') {
      this.log.timedOut(invocation.requestId, timeoutMs);
      const report = this.#report(invocation, timeoutMs, 'timeout', undefined, extensionsMs);
      void this.stop('TIMEOUT');
      return report;
    }
    this.log.broke(invocation.requestId, end);
    this.#hasCrashed = true;
    const report = this.#report(invocation, answeredMs + extensionsMs, 'error', end.errorType, extensionsMs);
    void this.stop('FAILURE');
    return report;
  }

  #phases(): InvocationPhases {
    const { clock } = this.#parts;
    const [now, monotonic] = [clock.now(), clock.monotonic()];
    const at = (then: number) => now - (monotonic - then);
    return {
      initialization: this.#initialization,
      startedAt: at(this.#startedAt),
      answeredAt: at(this.#answeredAt),
      endedAt: now,
    };
  }

  #noteMemory(maxRssKib: number | undefined): void {
    const used = maxRssKib === undefined ? this.#sandbox.peakMemoryBytes() / 1024 : maxRssKib;
    // What goes beyond the limit is not used any more: it is what the environment is ended for.
    this.#maxMemoryMib = Math.min(Math.max(this.#maxMemoryMib, Math.ceil(used / 1024)), this.target.memoryMib);
  }

  #release(): void {
    if (this.#state === 'gone') return;
    this.#become('release');
    if (this.#isDistrusted || this.#isCrowded()) this.#retire();
    else this.#restSoon();
  }

  /** What its runtime does now may still count; after that it serves no more. */
  #distrust(): void {
    this.#isDistrusted = true;
    if (this.#state === 'idle' || this.#state === 'frozen') this.#retire();
  }

  /** Something of it has ended, or cannot be trusted any more: whatever it is doing fails. */
  #fail(error: PlatformError): void {
    if (this.#state === 'initializing') {
      this.#onInit({ status: 'error', errorType: error.errorType, payload: undefined, error });
    } else if (this.#onEnding !== undefined) this.#end({ failed: error });
    else if (this.#onExtensionsFailed !== undefined) this.#onExtensionsFailed(error);
    else void this.stop('FAILURE');
  }

  /** Serves no more from now on, and ends as soon as what it was answered last has arrived. */
  #retire(): void {
    this.#leave();
    this.#parts.clock.after(this.#parts.freezeAfterMs, () => void this.stop());
  }

  #leave(): void {
    this.#become('stop');
    this.#cancelFreeze?.();
    this.onEnding();
    this.onGone();
  }

  /** Looked at once a second at most. */
  #isCrowded(): boolean {
    const now = this.#parts.clock.monotonic();
    if (now - this.#countedAt < countEveryMs) return false;
    this.#countedAt = now;
    return this.#sandbox.isCrowded();
  }

  /** A limit of time, which stands still while somebody debugs. */
  #after(limitMs: number, over: () => void): () => void {
    return this.target.debug?.after(limitMs, over) ?? this.#parts.clock.after(limitMs, over);
  }

  #debugAssignment(): Pick<AssignFrame, 'debug'> {
    const { debug: session } = this.target;
    if (session === undefined) return {};
    const debug = session.enter(this.#sandbox.endpointAddress);
    void this.gone.then(() => session.leave(debug.token));
    return { debug };
  }

  #restSoon(): void {
    // Who stands still cannot be debugged.
    if (this.target.debug !== undefined) return;
    this.#cancelFreeze = this.#parts.clock.after(this.#parts.freezeAfterMs, () => {
      this.#cancelFreeze = undefined;
      if (this.#sandbox.isCrowded()) {
        void this.stop();
        return;
      }
      this.#become('freeze');
      this.#host.freeze();
      this.#sandbox.freeze();
      this.onRest(this.#sandbox.peakMemoryBytes() / 1024 ** 2);
    });
  }

  #become(event: EnvironmentEvent): void {
    this.#state = nextState(this.#state, event);
  }

  #end(ending: Ending): void {
    const settle = this.#onEnding;
    if (settle === undefined) return;
    this.#onEnding = undefined;
    settle(ending);
  }

  async #exited(exit: SandboxExit): Promise<void> {
    await this.#drain();
    const wasBusy = this.#onEnding !== undefined;
    this.#fail(exitError(exit));
    if (!wasBusy) await this.stop();
  }

  /** Of a sandbox whose companion lives on. */
  async #runtimeExited(exit: SandboxExit): Promise<void> {
    if (this.#state === 'gone') return;
    // What the kernel ended may have had no memory left, which only the sandbox's end tells.
    if (exit.signal === 'SIGKILL') {
      void this.#sandbox.kill();
      return;
    }
    let cancel = () => {};
    const limit = new Promise<void>((resolve) => {
      cancel = this.#parts.clock.after(drainLimitMs, resolve);
    });
    await Promise.race([this.#door.drained(), limit]);
    cancel();
    await this.#collectOutput();
    this.#fail(exitError(exit));
  }

  /** Waits until what the processes wrote before they ended has arrived. */
  async #drain(): Promise<void> {
    const ended = [this.#sandbox.stdout, this.#sandbox.stderr].map((stream) =>
      stream.closed || stream.readableEnded ? undefined : new Promise((resolve) => stream.once('close', resolve)),
    );
    let cancel = () => {};
    const limit = new Promise<void>((resolve) => {
      cancel = this.#parts.clock.after(drainLimitMs, resolve);
    });
    await Promise.race([Promise.all([...ended, this.#door.drained()]), limit]);
    cancel();
    this.#flushOutput();
  }

  /** What the function wrote to its pipes before it sent a frame is read in this turn of the event loop. */
  async #collectOutput(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#flushOutput();
  }

  #flushOutput(): void {
    for (const lines of this.#output) lines.flush();
  }
}

/** How the records of a sampled invocation tell of its trace; undefined for any other. */
export function tracingOf({ trace, traceId }: Invocation): Tracing | undefined {
  return trace && { traceId: trace.id, spanId: trace.segmentId, value: traceId ?? '' };
}

function toldOf(errorType: string | undefined, payload: Buffer): Told {
  return errorType === undefined ? { kind: 'success', payload } : { kind: 'function-error', errorType, payload };
}

/** Programs that are not of Lambent's own making know the HTTP Runtime API alone. */
function speaksHttp({ family }: RuntimeBuild): boolean {
  return family === 'provided' || family === 'dotnet';
}

function timedOutInit(limitMs: number): InitProblem {
  return { status: 'timeout', errorType: 'Sandbox.Timedout', payload: undefined, error: timeoutError(limitMs) };
}

function errorOf(ending: Exclude<Ending, { answer: RuntimeAnswer }>, timeoutMs: number): PlatformError {
  if ('timedOut' in ending) return timeoutError(timeoutMs);
  return ending.failed;
}
