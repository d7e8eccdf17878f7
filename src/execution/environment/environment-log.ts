// The log stream of one environment: records in order, in the function's format, and the tail that a caller may ask for.
import type { Clock } from '../../core/clock.ts';
import type { FunctionTarget } from '../function-target.ts';
import {
  endText,
  type InitFailureReport,
  initReportText,
  initStartText,
  type ReportMetrics,
  reportText,
  startText,
  statusText,
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
const systemLevels = ['DEBUG', 'INFO', 'WARN'];

export class EnvironmentLog {
  readonly group: string;
  readonly stream: string;
  readonly initializationType: InitializationType;
  readonly #target: FunctionTarget;
  readonly #sink: LogSink;
  readonly #clock: Clock;
  readonly #json: boolean;
  #tail: string[] | undefined;
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
    this.#json = target.logging.format === 'JSON';
    this.group = target.logging.group;
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const name = target.logging.customGroup ? target.functionName : '';
    this.stream = `${day}/${name}[${target.version}]${streamId}`;
  }

  /** A record of the function itself, already in its format; it ends with a newline as all that Lambda delivers. */
  record(timeMs: number, content: string): void {
    const text = content.endsWith('\n') ? content : `${content}\n`;
    this.#tail?.push(text);
    this.#sink.append(this.#target.account, this.#target.region, this.group, this.stream, timeMs, text);
  }

  initStart(runtime: RuntimeVersion): void {
    this.#system('INFO', () => initStartText(runtime.label, runtime.arn), 'platform.initStart', {
      initializationType: this.initializationType,
      phase: 'init',
      runtimeVersion: runtime.label,
      runtimeVersionArn: runtime.arn,
      functionName: this.#target.functionName,
      functionVersion: this.#target.version,
    });
  }

  initFailed(report: InitFailureReport): void {
    this.#system('WARN', () => initReportText(report), 'platform.initReport', {
      initializationType: this.initializationType,
      phase: report.phase,
      status: report.status,
      ...(report.errorType === undefined ? {} : { errorType: report.errorType }),
      metrics: { durationMs: round(report.durationMs) },
    });
  }

  /** An invocation begins; with `tail`, its records are kept for the caller. */
  start(requestId: string, tail: boolean, tracing?: Tracing): void {
    this.#tail = tail ? [] : undefined;
    this.#tracing = tracing;
    this.#system('INFO', () => startText(requestId, this.#target.version), 'platform.start', {
      requestId,
      version: this.#target.version,
      ...tracingMember(tracing),
    });
  }

  timedOut(requestId: string, timeoutMs: number): void {
    const seconds = (timeoutMs / 1000).toFixed(2);
    if (this.#json) return;
    const now = this.#clock.now();
    this.record(now, `${new Date(now).toISOString()} ${requestId} Task timed out after ${seconds} seconds\n\n`);
  }

  /** The invocation is over; returns the tail if one was asked for. */
  end(
    requestId: string,
    status: 'success' | 'error' | 'timeout',
    errorType: string | undefined,
    metrics: ReportMetrics,
  ): Buffer | undefined {
    const failure = errorType === undefined ? {} : { errorType };
    if (!this.#json) this.#write(endText(requestId));
    else {
      this.#system(status === 'success' ? 'DEBUG' : 'WARN', undefined, 'platform.runtimeDone', {
        requestId,
        status,
        ...failure,
        metrics: { durationMs: round(metrics.durationMs) },
        ...tracingMember(this.#tracing),
      });
    }
    const text = () => reportText(requestId, metrics, statusText(status, errorType), this.#tracing);
    this.#system('INFO', text, 'platform.report', {
      requestId,
      metrics: {
        durationMs: round(metrics.durationMs),
        billedDurationMs: metrics.billedDurationMs,
        memorySizeMB: metrics.memorySizeMib,
        maxMemoryUsedMB: metrics.maxMemoryUsedMib,
        ...(metrics.initDurationMs === undefined ? {} : { initDurationMs: round(metrics.initDurationMs) }),
      },
      status,
      ...failure,
      ...tracingMember(this.#tracing),
    });
    return this.#takeTail();
  }

  #takeTail(): Buffer | undefined {
    if (this.#tail === undefined) return undefined;
    const whole = Buffer.from(this.#tail.join(''));
    this.#tail = undefined;
    return whole.subarray(Math.max(0, whole.length - tailBytes));
  }

  #system(level: 'DEBUG' | 'INFO' | 'WARN', text: (() => string) | undefined, type: string, record: object): void {
    if (!this.#json) {
      if (text !== undefined) this.#write(text());
      return;
    }
    if (systemLevels.indexOf(level) < systemLevels.indexOf(this.#target.logging.systemLevel)) return;
    this.#write(systemJson(this.#clock.now(), type, record));
  }

  #write(text: string): void {
    this.record(this.#clock.now(), text);
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
