// The log stream of one environment: records in order, in the function's format, and the tail that a caller may ask for.
import type { Clock } from '../../core/clock.ts';
import type { FunctionTarget } from '../function-target.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import type { SubscribeRequest } from '../telemetry/subscribe-request.ts';
import type { PlatformError } from './exit-errors.ts';
import type { Extension } from './extensions.ts';
import {
  endText,
  extensionText,
  type InitFailureReport,
  initReportText,
  initStartText,
  type ReportMetrics,
  reportText,
  startText,
  statusText,
  subscriptionText,
  systemJson,
  type Tracing,
  tracingMember,
} from './log-records.ts';

/** Where logs go. Must not block and must not throw. */
export interface LogSink {
  append(account: string, region: string, group: string, stream: string, timestampMs: number, message: string): void;
}

export interface RuntimeVersion {
  /** E.g. `nodejs:24.v21`. */
  label: string;
  arn: string;
}

/** What an environment was started for; told by its variable AWS_LAMBDA_INITIALIZATION_TYPE as well. */
export type InitializationType = 'on-demand' | 'provisioned-concurrency';

/** AWS returns the last 4 KB of an invocation's log. */
const tailBytes = 4096;

/** System levels in rising order: a record is written when its level is not below the function's. */
const systemLevels = ['DEBUG', 'INFO', 'WARN'] as const;
type SystemLevel = (typeof systemLevels)[number];

export type InvocationStatus = 'success' | 'error' | 'timeout';

export interface Span {
  name: 'responseLatency' | 'responseDuration' | 'runtimeOverhead' | 'extensionOverhead';
  /** Epoch milliseconds. */
  startMs: number;
  durationMs: number;
}

export interface RuntimeDone {
  status: InvocationStatus;
  errorType?: string | undefined;
  durationMs: number;
  /** Of the response. */
  producedBytes: number;
  /** Absent where there was no response. */
  spans?: Span[] | undefined;
}

export class EnvironmentLog {
  readonly group: string;
  readonly stream: string;
  readonly initializationType: InitializationType;
  /** Of the environment that writes now. */
  telemetry: Telemetry;
  readonly #target: FunctionTarget;
  readonly #sink: LogSink;
  readonly #clock: Clock;
  readonly #json: boolean;
  #tail: string[] | undefined;
  #phase: 'init' | 'invoke' = 'init';
  /** What was told of the init's start. */
  #initStart: object = {};
  /** Of the invocation that runs. */
  #tracing: Tracing | undefined;

  constructor(
    target: FunctionTarget,
    sink: LogSink,
    clock: Clock,
    streamId: string,
    initializationType: InitializationType = 'on-demand',
  ) {
    this.initializationType = initializationType;
    this.#target = target;
    this.#sink = sink;
    this.#clock = clock;
    this.telemetry = new Telemetry(clock);
    this.#json = target.logging.format === 'JSON';
    this.group = target.logging.group;
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const name = target.logging.customGroup ? target.functionName : '';
    this.stream = `${day}/${name}[${target.version}]${streamId}`;
  }

  /** A record of the function itself, already in its format, with the newline that ends it, where one does. */
  record(timeMs: number, content: string): void {
    this.#append(timeMs, content, 'function');
  }

  /** A line that an extension wrote. */
  extensionRecord(timeMs: number, content: string): void {
    this.#append(timeMs, content, 'extension');
  }

  initStart(runtime: RuntimeVersion): void {
    this.#phase = 'init';
    this.#initStart = {
      initializationType: this.initializationType,
      phase: 'init',
      runtimeVersion: runtime.label,
      runtimeVersionArn: runtime.arn,
      functionName: this.#target.functionName,
      functionVersion: this.#target.version,
    };
    const text = () => initStartText(runtime.label, runtime.arn);
    this.#platform('INFO', 'platform.initStart', text, this.#initStart);
  }

  /** The init is repeated as part of an invocation. */
  initRepeated(): void {
    this.#phase = 'invoke';
    this.telemetry = new Telemetry(this.#clock);
    this.telemetry.emit(this.#clock.now(), 'platform.initStart', { ...this.#initStart, phase: 'invoke' });
  }

  /** The runtime has loaded the function, or has failed to. */
  initRuntimeDone(status: 'success' | 'error' | 'timeout', errorType?: string): void {
    this.#platform(status === 'success' ? 'DEBUG' : 'WARN', 'platform.initRuntimeDone', undefined, {
      initializationType: this.initializationType,
      phase: this.#phase,
      status,
      ...(errorType === undefined ? {} : { errorType }),
    });
  }

  initSucceeded(durationMs: number): void {
    const level = this.initializationType === 'on-demand' ? 'DEBUG' : 'INFO';
    this.#platform(level, 'platform.initReport', undefined, {
      initializationType: this.initializationType,
      phase: this.#phase,
      status: 'success',
      metrics: { durationMs: round(durationMs) },
    });
  }

  initFailed(report: InitFailureReport): void {
    this.#platform('WARN', 'platform.initReport', () => initReportText(report), {
      initializationType: this.initializationType,
      phase: report.phase,
      status: report.status,
      ...(report.errorType === undefined ? {} : { errorType: report.errorType }),
      metrics: { durationMs: round(report.durationMs) },
    });
  }

  /** What became of an extension in the init. */
  extension({ name, state, events, errorType }: Extension): void {
    const failure = errorType === undefined ? {} : { errorType };
    const level = errorType === undefined ? 'INFO' : 'WARN';
    const text = () => extensionText(name, state, events, errorType);
    this.#platform(level, 'platform.extension', text, { name, state, events, ...failure });
  }

  subscription(name: string, { api, types }: SubscribeRequest): void {
    const record = { name, state: 'Subscribed', types };
    const type = api === 'logs' ? 'platform.logsSubscription' : 'platform.telemetrySubscription';
    this.#platform('INFO', type, () => subscriptionText(api, name, types), record);
  }

  /** Keeps the records from now on for the caller of an invocation whose START comes later, after its init. */
  keepTail(): void {
    this.#tail = [];
  }

  /** An invocation begins; with `tail`, its records are kept for the caller. */
  start(requestId: string, tail: boolean, tracing?: Tracing): void {
    this.#tail = tail ? (this.#tail ?? []) : undefined;
    this.#tracing = tracing;
    this.#platform('INFO', 'platform.start', () => startText(requestId, this.#target.version), {
      requestId,
      version: this.#target.version,
      ...tracingMember(tracing),
    });
  }

  timedOut(requestId: string, timeoutMs: number): void {
    const text = `${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    this.#fault(`${new Date(this.#clock.now()).toISOString()} ${text}\n\n`, text);
  }

  /** The environment broke down in an invocation. */
  broke(requestId: string, { errorType, message }: PlatformError): void {
    const text = `RequestId: ${requestId} Error: ${message}\n${errorType}`;
    this.#fault(`${text}\n`, text);
  }

  /** Whether anyone reads what `runtimeDone` tells. */
  get tellsRuntimeDone(): boolean {
    return this.#json || this.telemetry.isHeard;
  }

  /** The runtime is done with an invocation; extensions may not be. */
  runtimeDone(requestId: string, done: RuntimeDone): void {
    if (!this.tellsRuntimeDone) return;
    const { status, errorType } = done;
    this.#platform(status === 'success' ? 'DEBUG' : 'WARN', 'platform.runtimeDone', undefined, {
      requestId,
      status,
      ...(errorType === undefined ? {} : { errorType }),
      ...tracingMember(this.#tracing),
      ...(done.spans === undefined ? {} : { spans: done.spans.map(spanRecord) }),
      metrics: { durationMs: round(done.durationMs), producedBytes: done.producedBytes },
    });
  }

  /** The invocation is over; returns the tail if one was asked for. */
  end(
    requestId: string,
    status: InvocationStatus,
    errorType: string | undefined,
    metrics: ReportMetrics,
    spans?: Span[],
  ): Buffer | undefined {
    if (!this.#json) this.#write(endText(requestId));
    this.telemetry.emit(this.#clock.now(), 'platform.end', { requestId });
    const level = status === 'success' ? 'INFO' : 'WARN';
    this.#platform(
      level,
      'platform.report',
      () => reportText(requestId, metrics, statusText(status, errorType), this.#tracing),
      {
        requestId,
        status,
        ...(errorType === undefined ? {} : { errorType }),
        metrics: {
          durationMs: round(metrics.durationMs),
          billedDurationMs: metrics.billedDurationMs,
          memorySizeMB: metrics.memorySizeMib,
          maxMemoryUsedMB: metrics.maxMemoryUsedMib,
          ...(metrics.initDurationMs === undefined ? {} : { initDurationMs: round(metrics.initDurationMs) }),
        },
        ...(spans === undefined ? {} : { spans: spans.map(spanRecord) }),
        ...tracingMember(this.#tracing),
      },
    );
    return this.#takeTail();
  }

  #takeTail(): Buffer | undefined {
    if (this.#tail === undefined) return undefined;
    const whole = Buffer.from(this.#tail.join(''));
    this.#tail = undefined;
    return whole.subarray(Math.max(0, whole.length - tailBytes));
  }

  #append(timeMs: number, content: string, type: 'function' | 'extension'): void {
    this.#deliver(timeMs, content);
    if (this.telemetry.isHeard) this.telemetry.emit(timeMs, type, this.#json ? objectOr(content) : content);
  }

  /** What ended the environment: a line in text logs, and an event of the Logs API. */
  #fault(line: string, record: string): void {
    if (!this.#json) this.#write(line);
    this.telemetry.emit(this.#clock.now(), 'platform.fault', record);
  }

  /** `text` is its line in text logs, where it has one. */
  #platform(level: SystemLevel, type: string, text: (() => string) | undefined, record: object): void {
    const now = this.#clock.now();
    this.telemetry.emit(now, type, record);
    if (!this.#json) {
      if (text !== undefined) this.#write(text());
      return;
    }
    if (systemLevels.indexOf(level) < systemLevels.indexOf(this.#target.logging.systemLevel as SystemLevel)) return;
    this.#write(systemJson(now, type, record));
  }

  #write(text: string): void {
    this.#deliver(this.#clock.now(), text);
  }

  #deliver(timeMs: number, text: string): void {
    this.#tail?.push(text);
    this.#sink.append(this.#target.account, this.#target.region, this.group, this.stream, timeMs, text);
  }
}

/** As a record of JSON logs reads in telemetry: an object where it is one. */
function objectOr(text: string): unknown {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function spanRecord({ name, startMs, durationMs }: Span): object {
  return { name, start: new Date(startMs).toISOString(), durationMs: round(durationMs) };
}
