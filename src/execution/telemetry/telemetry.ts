// The telemetry of one environment: what happens in it, told to those who have subscribed.
import type { Clock } from '../../core/clock.ts';
import { type Connect, deliveryTo } from './delivery.ts';
import { type TelemetryEvent, type TelemetryType, typeOf } from './event.ts';
import { logsApiEvent, logsApiOnly } from './logs-api-event.ts';
import type { SubscribeRequest, TelemetryApi } from './subscribe-request.ts';
import { Subscription } from './subscription.ts';

/** Of what happens before the first subscription, this many events are kept for it. */
const maxEarly = 1_000;

interface Subscriber {
  request: SubscribeRequest;
  wants: ReadonlySet<TelemetryType>;
  subscription: Subscription;
}

export class Telemetry {
  readonly #clock: Clock;
  /** Events since the start of the init, until no more subscriptions come. */
  #early: TelemetryEvent[] | undefined = [];
  #subscribers: Map<string, Subscriber> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether anyone hears, or may still come to hear, of an event. */
  get isHeard(): boolean {
    return this.#early !== undefined || this.#subscribers !== undefined;
  }

  emit(timeMs: number, type: string, record: unknown): void {
    if (!this.isHeard) return;
    const event = { time: new Date(timeMs).toISOString(), type, record };
    if (this.#early !== undefined && this.#early.length < maxEarly) this.#early.push(event);
    if (this.#subscribers === undefined) return;
    for (const subscriber of this.#subscribers.values()) tell(subscriber, event);
  }

  /** Of the API that the extension `id` has subscribed by. */
  subscribedBy(id: string): TelemetryApi | undefined {
    return this.#subscribers?.get(id)?.request.api;
  }

  /** Subscribes an extension, from the environment's start on. A second subscription replaces its first. */
  subscribe(id: string, request: SubscribeRequest, connect: Connect): void {
    this.#subscribers ??= new Map();
    const known = this.#subscribers.get(id);
    const delivery = deliveryTo(request.destination, connect);
    const subscription = new Subscription(request.buffering, delivery, this.#clock);
    const subscriber = { request, wants: new Set(request.types), subscription };
    this.#subscribers.set(id, subscriber);
    if (known !== undefined) known.subscription.close();
    else for (const event of this.#early ?? []) tell(subscriber, event);
  }

  /** The init is over: nobody subscribes any more. */
  closeSubscriptions(): void {
    this.#early = undefined;
  }

  get isOpen(): boolean {
    return this.#early !== undefined;
  }

  freeze(): void {
    for (const { subscription } of this.#subscribers?.values() ?? []) subscription.freeze();
  }

  thaw(): void {
    for (const { subscription } of this.#subscribers?.values() ?? []) subscription.thaw();
  }

  hurry(): void {
    for (const { subscription } of this.#subscribers?.values() ?? []) subscription.hurry();
  }

  close(): void {
    for (const { subscription } of this.#subscribers?.values() ?? []) subscription.close();
    this.#subscribers = undefined;
    this.#early = undefined;
  }
}

function tell({ request, wants, subscription }: Subscriber, event: TelemetryEvent): void {
  if (!wants.has(typeOf(event))) return;
  if (request.api === 'telemetry') {
    if (!logsApiOnly.has(event.type)) subscription.add(event);
    return;
  }
  const converted = logsApiEvent(event, request.schemaVersion);
  if (converted !== undefined) subscription.add(converted);
}
