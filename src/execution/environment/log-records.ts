// The platform's own log records, in Lambda's text and JSON forms.

export interface ReportMetrics {
  durationMs: number;
  billedDurationMs: number;
  memorySizeMib: number;
  maxMemoryUsedMib: number;
  /** Only of the invocation that follows a cold start. */
  initDurationMs: number | undefined;
}

/** A sampled invocation, as its records tell of it. */
export interface Tracing {
  traceId: string;
  /** Of the function's segment. */
  spanId: string;
  /** The trace header. */
  value: string;
}

export interface InitFailureReport {
  durationMs: number;
  phase: 'init' | 'invoke';
  status: 'timeout' | 'error';
  errorType: string | undefined;
}

export function initStartText(runtimeVersion: string, runtimeVersionArn: string): string {
  return `INIT_START Runtime Version: ${runtimeVersion}\tRuntime Version ARN: ${runtimeVersionArn}\n`;
}

export function startText(requestId: string, version: string): string {
  return `START RequestId: ${requestId} Version: ${version}\n`;
}

export function endText(requestId: string): string {
  return `END RequestId: ${requestId}\n`;
}

export function reportText(requestId: string, metrics: ReportMetrics, status: string, tracing?: Tracing): string {
  const init = metrics.initDurationMs === undefined ? '' : `Init Duration: ${metrics.initDurationMs.toFixed(2)} ms\t`;
  return `REPORT RequestId: ${requestId}\tDuration: ${metrics.durationMs.toFixed(2)} ms\tBilled Duration: ${metrics.billedDurationMs} ms\tMemory Size: ${metrics.memorySizeMib} MB\tMax Memory Used: ${metrics.maxMemoryUsedMib} MB\t${init}${status}\n${tracing === undefined ? '' : tracingText(tracing)}`;
}

/** The line that AWS adds to REPORT. */
function tracingText({ traceId, spanId }: Tracing): string {
  return `XRAY TraceId: ${traceId}\tSegmentId: ${spanId}\tSampled: true\t\n`;
}

/** `tracing` of platform.start, platform.runtimeDone and platform.report; nothing where the invocation is not sampled. */
export function tracingMember(tracing: Tracing | undefined): object {
  if (tracing === undefined) return {};
  return { tracing: { spanId: tracing.spanId, type: 'X-Amzn-Trace-Id', value: tracing.value } };
}

/** What REPORT ends with when the invocation did not end well; empty otherwise. */
export function statusText(status: 'success' | 'error' | 'timeout', errorType: string | undefined): string {
  if (status === 'success') return '';
  return status === 'timeout' ? 'Status: timeout' : `Status: error\tError Type: ${errorType}`;
}

export function initReportText(report: InitFailureReport): string {
  const type = report.errorType === undefined ? '' : `\tError Type: ${report.errorType}`;
  return `INIT_REPORT Init Duration: ${report.durationMs.toFixed(2)} ms\tPhase: ${report.phase}\tStatus: ${report.status}${type}\n`;
}

/** One system record of the JSON log format. */
export function systemJson(timeMs: number, type: string, record: object): string {
  return `${JSON.stringify({ time: new Date(timeMs).toISOString(), type, record })}\n`;
}

/** What became of an extension in the init. */
export function extensionText(
  name: string,
  state: string,
  events: readonly string[],
  errorType: string | undefined,
): string {
  const type = errorType === undefined ? '' : `\tError Type: ${errorType}`;
  return `EXTENSION\tName: ${name}\tState: ${state}\tEvents: [${events.join(', ')}]${type}\n`;
}

export function subscriptionText(api: 'telemetry' | 'logs', name: string, types: readonly string[]): string {
  const shown = types.map((type) => type[0]!.toUpperCase() + type.slice(1));
  return `${api.toUpperCase()}\tName: ${name}\tState: Subscribed\tTypes: [${shown.join(', ')}]\n`;
}
