// The extensions of one environment: who has registered for what, who is ready, and what each waits for.
//
// States and refusals as AWS's API words them: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
import type { PlatformError } from './exit-errors.ts';

export type ExtensionState =
  | 'Started'
  | 'Registered'
  | 'Ready'
  | 'Running'
  | 'InitError'
  | 'ExitError'
  | 'Exited'
  | 'LaunchError';

export type ExtensionEventType = 'INVOKE' | 'SHUTDOWN';
export type ShutdownReason = 'SPINDOWN' | 'TIMEOUT' | 'FAILURE';

export type ExtensionEvent =
  | {
      eventType: 'INVOKE';
      deadlineMs: number;
      requestId: string;
      invokedFunctionArn: string;
      tracing: { type: 'X-Amzn-Trace-Id'; value: string };
    }
  | { eventType: 'SHUTDOWN'; shutdownReason: ShutdownReason; deadlineMs: number };

export interface Extension {
  readonly id: string;
  /** File name of an external one. */
  readonly name: string;
  /** A process of its own, rather than part of the runtime's. */
  readonly external: boolean;
  state: ExtensionState;
  events: ExtensionEventType[];
  /** What it reported of its failure. */
  errorType?: string;
}

/** AWS's limit. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#runtimes-extensions-api-reg */
export const maxExtensions = 10;
/** An extension that reported an error is expected to end; what does not is not waited for longer. */
const endAfterErrorMs = 200;

/** A request that is refused: its error type, without `Extension.` in front, and text. */
export class ExtensionRefusal extends Error {
  override readonly name = 'ExtensionRefusal';
  readonly errorType: string;
  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

interface Entry extends Extension {
  /** Gives an event to the request that waits for one. */
  deliver: ((event: ExtensionEvent) => void) | undefined;
  /** An event that nobody has asked for yet. */
  pending: ExtensionEvent | undefined;
}

export interface ExtensionsParts {
  uuid(): string;
  /** Calls `action` after a while; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /** An extension has failed; the environment is to end. Called at most once. */
  failed(error: PlatformError): void;
}

export class Extensions {
  readonly #parts: ExtensionsParts;
  readonly #byId = new Map<string, Entry>();
  #registrationOpen = true;
  #failure: string | undefined;
  #failed = false;
  #onChange: (() => void)[] = [];

  constructor(parts: ExtensionsParts) {
    this.#parts = parts;
  }

  get list(): readonly Extension[] {
    return [...this.#byId.values()];
  }

  get hasExternal(): boolean {
    for (const { external } of this.#byId.values()) if (external) return true;
    return false;
  }

  /** An external one, whose process is being started. */
  add(name: string): void {
    this.#add(name, true);
  }

  /** Throws ExtensionRefusal. The answer is the extension's id. */
  register(name: string, events: string[]): string {
    if (name === '') throw new ExtensionRefusal('InvalidExtensionName', 'Empty extension name');
    const started = [...this.#byId.values()].find((each) => each.external && each.name === name);
    for (const event of events) {
      if (event === 'INVOKE' || (event === 'SHUTDOWN' && started !== undefined)) continue;
      const problem = event === 'SHUTDOWN' ? 'ShutdownEventNotSupportedForInternalExtension' : 'ErrorInvalidEventType';
      throw new ExtensionRefusal('InvalidEventType', `${event}: ${problem}`);
    }
    const extension = started ?? this.#addInternal(name);
    if (extension.state !== 'Started') throw forbidden(extension, 'Registered', name);
    extension.state = 'Registered';
    extension.events = [...new Set(events)] as ExtensionEventType[];
    this.#changed();
    return extension.id;
  }

  /** Throws ExtensionRefusal for an unknown one. */
  find(id: string): Extension {
    return this.#find(id);
  }

  /** It is ready, and waits for its next event. The answer is to be called when the one who waits has gone. */
  next(id: string, deliver: (event: ExtensionEvent) => void): () => void {
    const extension = this.#find(id);
    const { state } = extension;
    const waits = state === 'Ready' && extension.deliver !== undefined;
    if (waits || (state !== 'Registered' && state !== 'Running' && state !== 'Ready')) {
      throw forbidden(extension, 'Ready', id);
    }
    extension.state = 'Ready';
    extension.deliver = deliver;
    this.#changed();
    if (extension.pending !== undefined) this.#send(extension, extension.pending);
    return () => {
      if (extension.deliver === deliver) extension.deliver = undefined;
    };
  }

  /** Throws ExtensionRefusal. */
  initError(id: string, errorType: string): void {
    const extension = this.#find(id);
    if (extension.state !== 'Registered') throw forbidden(extension, 'InitError', id);
    this.#reported(extension, 'InitError', errorType);
  }

  /** Throws ExtensionRefusal. */
  exitError(id: string, errorType: string): void {
    const extension = this.#find(id);
    if (!['Registered', 'Ready', 'Running'].includes(extension.state)) throw forbidden(extension, 'Exited', id);
    this.#reported(extension, 'ExitError', errorType);
  }

  /** The process of an external one has ended, or, with `error`, never was. */
  exited(name: string, how: string, error?: string): void {
    const extension = [...this.#byId.values()].find((each) => each.external && each.name === name)!;
    if (error !== undefined) {
      extension.state = 'LaunchError';
      extension.errorType = error;
      this.#failure ??= 'Extension.LaunchError';
    } else if (extension.state !== 'InitError' && extension.state !== 'ExitError') {
      extension.state = 'Exited';
    }
    extension.deliver = undefined;
    this.#changed();
    this.#fail({ errorType: this.#failure ?? 'Extension.Crash', message: how });
  }

  closeRegistration(): void {
    this.#registrationOpen = false;
  }

  get isRegistrationOpen(): boolean {
    return this.#registrationOpen;
  }

  /** undefined when it is so already. */
  allRegistered(): Promise<void> | undefined {
    return this.#until(({ state }) => state !== 'Started');
  }

  /** undefined when it is so already. */
  allReady(): Promise<void> | undefined {
    return this.#until(({ state }) => state === 'Ready');
  }

  /** Those that are told of the shutdown; undefined when they have ended already. */
  toldHaveEnded(): Promise<void> | undefined {
    return this.#until(({ events, state }) => !events.includes('SHUTDOWN') || isOver(state));
  }

  /** Tells those who wish to know of an invocation. */
  invoke(event: ExtensionEvent & { eventType: 'INVOKE' }): void {
    this.#tell(event, ({ events }) => events.includes('INVOKE'));
  }

  /** From here on ends are no failures. */
  shutDown(): void {
    this.#failed = true;
    this.#registrationOpen = false;
  }

  tellShutdown(event: ExtensionEvent & { eventType: 'SHUTDOWN' }): void {
    this.#tell(event, ({ events }) => events.includes('SHUTDOWN'));
  }

  #tell(event: ExtensionEvent, wants: (extension: Extension) => boolean): void {
    for (const extension of this.#byId.values()) {
      if (!wants(extension) || isOver(extension.state)) continue;
      if (extension.deliver === undefined) {
        // It is not ready any more until it has asked for this one.
        if (extension.state === 'Ready') extension.state = 'Running';
        extension.pending = event;
      } else this.#send(extension, event);
    }
  }

  #send(extension: Entry, event: ExtensionEvent): void {
    const { deliver } = extension;
    extension.deliver = undefined;
    extension.pending = undefined;
    extension.state = 'Running';
    deliver!(event);
  }

  #find(id: string): Entry {
    const extension = this.#byId.get(id);
    if (extension === undefined) throw new ExtensionRefusal('UnknownExtensionIdentifier', `Unknown extension ${id}`);
    return extension;
  }

  #addInternal(name: string): Entry {
    if (!this.#registrationOpen) {
      throw new ExtensionRefusal('RegistrationClosed', 'Extension registration closed already');
    }
    if (this.#byId.size >= maxExtensions) {
      throw new ExtensionRefusal('TooManyExtensions', `Extension limit (${maxExtensions}) reached`);
    }
    for (const extension of this.#byId.values()) {
      if (extension.name !== name) continue;
      throw new ExtensionRefusal('InvalidExtensionState', 'Extension with this name already registered');
    }
    return this.#add(name, false);
  }

  #add(name: string, external: boolean): Entry {
    const id = this.#parts.uuid();
    const entry: Entry = { id, name, external, state: 'Started', events: [], deliver: undefined, pending: undefined };
    this.#byId.set(id, entry);
    return entry;
  }

  #reported(extension: Entry, state: 'InitError' | 'ExitError', errorType: string): void {
    extension.state = state;
    extension.errorType = errorType;
    extension.deliver = undefined;
    this.#failure ??= `Extension.${state}`;
    const failure = { errorType: this.#failure, message: errorType };
    this.#parts.after(extension.external ? endAfterErrorMs : 0, () => this.#fail(failure));
    this.#changed();
  }

  #fail(error: PlatformError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#parts.failed(error);
  }

  #until(holds: (extension: Extension) => boolean): Promise<void> | undefined {
    const isSo = () => {
      for (const extension of this.#byId.values()) if (!holds(extension)) return false;
      return true;
    };
    if (isSo()) return undefined;
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return;
        this.#onChange = this.#onChange.filter((each) => each !== look);
        resolve();
      };
      this.#onChange.push(look);
    });
  }

  #changed(): void {
    for (const look of this.#onChange) look();
  }
}

function isOver(state: ExtensionState): boolean {
  return state === 'Exited' || state === 'LaunchError' || state === 'ExitError' || state === 'InitError';
}

function forbidden({ state }: Extension, wanted: string, who: string): ExtensionRefusal {
  const text = `State transition from ${state} to ${wanted} failed for extension ${who}. Error: State transition is not allowed`;
  return new ExtensionRefusal('InvalidExtensionState', text);
}
