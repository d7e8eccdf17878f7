// Which functions are debugged now.
import type { Clock } from '../../core/clock.ts';
import type { FunctionTarget } from '../function-target.ts';
import { DebugSession } from './debug-session.ts';

export class DebugSessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, DebugSession>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** undefined when the function is debugged already. `onWanted` is called when a debugger finds no environment. */
  open(functionArn: string, port: number, onWanted: () => void): DebugSession | undefined {
    if (this.#sessions.has(functionArn)) return undefined;
    const session = new DebugSession(functionArn, port, this.#clock, onWanted);
    this.#sessions.set(functionArn, session);
    return session;
  }

  close(session: DebugSession): void {
    session.close();
    this.#sessions.delete(session.functionArn);
  }

  /** What an invocation of `target` is placed as: only the code that is being worked on is debugged. */
  targetOf(target: FunctionTarget): FunctionTarget {
    if (this.#sessions.size === 0 || target.version !== '$LATEST') return target;
    return this.#sessions.get(target.functionArn)?.targetOf(target) ?? target;
  }

  byKey(key: string): DebugSession | undefined {
    return this.#sessions.values().find((session) => session.key === key);
  }

  /** The session that an environment's token belongs to. */
  byToken(token: string): DebugSession | undefined {
    return this.#sessions.values().find((session) => session.has(token));
  }
}
