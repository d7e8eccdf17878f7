// One event of an environment's telemetry. https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html

/** What a subscription chooses from. */
export const telemetryTypes = ['platform', 'function', 'extension'] as const;
export type TelemetryType = (typeof telemetryTypes)[number];

export interface TelemetryEvent {
  /** ISO 8601. */
  time: string;
  /** `function`, `extension`, or `platform.` and more. */
  type: string;
  record: unknown;
}

/** Which of the three an event is. */
export function typeOf({ type }: TelemetryEvent): TelemetryType {
  return type === 'function' || type === 'extension' ? type : 'platform';
}
