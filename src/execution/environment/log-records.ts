// The platform's own log records, in Lambda's text and JSON forms.

export interface ReportMetrics {
  durationMs: number;
  billedDurationMs: number;
  memorySizeMib: number;
  maxMemoryUsedMib: number;
  /** Only of the invocation that follows a cold start. */
  initDurationMs: number | undefined;
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

export function reportText(requestId: string, metrics: ReportMetrics, status: string): string {
  const init = metrics.initDurationMs === undefined ? '' : `Init Duration: ${metrics.initDurationMs.toFixed(2)} ms\t`;
  return `REPORT RequestId: ${requestId}\tDuration: ${metrics.durationMs.toFixed(2)} ms\tBilled Duration: ${metrics.billedDurationMs} ms\tMemory Size: ${metrics.memorySizeMib} MB\tMax Memory Used: ${metrics.maxMemoryUsedMib} MB\t${init}${status}\n`;
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
