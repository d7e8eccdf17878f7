// The platform's own log: JSON lines by pino, or plain text on a terminal's stderr.
import { type Logger, pino } from 'pino';

export type { Logger };

/** Makes the platform's logger; `level` is a pino level name or `silent`. Lines go to stderr, one JSON object each. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
