// Decides for Lambda which requests are traced, and tells programs how many they may sample by themselves.
import type { Clock } from '../../core/clock.ts';
import { bounds } from './limits.ts';
import { decide, type Reservoir, ruleFor, type SampledRequest } from './sampling.ts';
import { defaultRule, defaultRuleName } from './sampling-rule.ts';
import type { ResourceStore, RuleRecord } from './store/resources.ts';
import type { Owner } from './xray.ts';

/** What was sampled by a rule in a minute. */
export interface SamplingStatistics {
  rule: string;
  /** Epoch milliseconds of the minute's begin. */
  time: number;
  requests: number;
  borrowed: number;
  sampled: number;
}

const minuteMs = 60_000;

export class Sampler {
  readonly #resources: ResourceStore;
  readonly #clock: Clock;
  readonly #reservoirs = new Map<string, Reservoir>();
  /** The latest minute of each rule. */
  readonly #statistics = new Map<string, SamplingStatistics>();
  /** When programs were heard of last, by rule and client. */
  readonly #clients = new Map<string, Map<string, number>>();

  constructor(resources: ResourceStore, clock: Clock) {
    this.#resources = resources;
    this.#clock = clock;
  }

  /** All rules of an account in a region, that of every account included. */
  rules(owner: Owner): RuleRecord[] {
    const rules = this.#resources.list(owner, 'rule');
    return rules.some((rule) => rule.name === defaultRuleName) ? rules : [...rules, defaultRule];
  }

  rule(owner: Owner, name: string): RuleRecord | undefined {
    return this.#resources.get(owner, 'rule', name) ?? (name === defaultRuleName ? defaultRule : undefined);
  }

  /** Whether a request is sampled; `chance` is from 0 to below 1. */
  sample(owner: Owner, request: SampledRequest, chance: number): boolean {
    const rule = ruleFor(this.rules(owner), request) ?? defaultRule;
    const now = this.#clock.now();
    // The rule of every account holds each function to its numbers; own rules hold all together that they match.
    const shared = rule.name === defaultRuleName ? request.resourceArn : rule.name;
    const decision = decide(rule, this.#reservoir(`${ownerKey(owner)}/${shared}`), now, chance);
    const sampled = decision === 'not sampled' ? 0 : 1;
    this.#count(owner, { rule: rule.name, time: now, requests: 1, borrowed: 0, sampled });
    return sampled === 1;
  }

  /** Takes what a program reports of a rule, and tells how many requests a second it may sample before the rate counts. */
  report(owner: Owner, client: string, rule: RuleRecord, statistics: Omit<SamplingStatistics, 'rule'>): number {
    this.#count(owner, { ...statistics, rule: rule.name });
    const now = this.#clock.now();
    const key = `${ownerKey(owner)}/${rule.name}`;
    let clients = this.#clients.get(key);
    if (clients === undefined) {
      clients = new Map();
      this.#clients.set(key, clients);
    }
    // Those that were silent the longest come first.
    clients.delete(client);
    clients.set(client, now);
    for (const [name, heard] of clients) {
      if (heard >= now - bounds.clientMs && clients.size <= bounds.samplingClients) break;
      clients.delete(name);
    }
    return Math.floor(rule.reservoirSize / clients.size);
  }

  /** The latest minute of each rule that has one. */
  statistics(owner: Owner): SamplingStatistics[] {
    const prefix = `${ownerKey(owner)}/`;
    return [...this.#statistics].filter(([key]) => key.startsWith(prefix)).map(([, statistics]) => statistics);
  }

  #count(owner: Owner, { rule, time, requests, borrowed, sampled }: SamplingStatistics): void {
    const minute = Math.floor(time / minuteMs) * minuteMs;
    const key = `${ownerKey(owner)}/${rule}`;
    const current = this.#statistics.get(key);
    if (current === undefined || current.time < minute) {
      this.#statistics.set(key, { rule, time: minute, requests, borrowed, sampled });
      return;
    }
    current.requests += requests;
    current.borrowed += borrowed;
    current.sampled += sampled;
  }

  #reservoir(key: string): Reservoir {
    let reservoir = this.#reservoirs.get(key);
    if (reservoir === undefined) {
      if (this.#reservoirs.size >= bounds.reservoirs) this.#reservoirs.clear();
      reservoir = { second: 0, used: 0 };
      this.#reservoirs.set(key, reservoir);
    }
    return reservoir;
  }
}

function ownerKey({ account, region }: Owner): string {
  return `${account}/${region}`;
}
