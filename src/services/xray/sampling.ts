// Which requests are sampled: pure functions on rules, the time and chance.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html

/** A request as sampling rules see it. What it does not have is matched by `*` alone. */
export interface SampledRequest {
  serviceName: string;
  /** E.g. `AWS::Lambda::Function`. */
  serviceType: string;
  resourceArn: string;
  host?: string;
  httpMethod?: string;
  urlPath?: string;
}

/** What of a rule decides. */
export interface SamplingCriteria {
  name: string;
  resourceArn: string;
  priority: number;
  fixedRate: number;
  reservoirSize: number;
  serviceName: string;
  serviceType: string;
  host: string;
  httpMethod: string;
  urlPath: string;
  attributes?: Record<string, string>;
}

/** How many requests were taken from a reservoir in a second. */
export interface Reservoir {
  /** Epoch seconds. */
  second: number;
  used: number;
}

export type Decision = 'reservoir' | 'rate' | 'not sampled';

/** The rule that a request falls under: of those that match the first by priority, then by name. */
export function ruleFor<R extends SamplingCriteria>(rules: readonly R[], request: SampledRequest): R | undefined {
  let best: R | undefined;
  for (const rule of rules) if (matches(rule, request) && (best === undefined || isBefore(rule, best))) best = rule;
  return best;
}

function isBefore(a: SamplingCriteria, b: SamplingCriteria): boolean {
  return a.priority === b.priority ? a.name < b.name : a.priority < b.priority;
}

export function matches(rule: SamplingCriteria, request: SampledRequest): boolean {
  // Rules by attributes are for programs that know some.
  if (rule.attributes !== undefined && Object.keys(rule.attributes).length > 0) return false;
  return (
    isLike(rule.serviceName, request.serviceName) &&
    isLike(rule.serviceType, request.serviceType) &&
    isLike(rule.resourceArn, request.resourceArn) &&
    isLike(rule.host, request.host ?? '') &&
    isLike(rule.httpMethod, request.httpMethod ?? '') &&
    isLike(rule.urlPath, request.urlPath ?? '')
  );
}

/** `*` stands for any characters, `?` for one; letters are compared without case. Linear in the text. */
export function isLike(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  const [p, t] = [pattern.toLowerCase(), text.toLowerCase()];
  let [i, j, star, mark] = [0, 0, -1, 0];
  while (j < t.length) {
    if (i < p.length && (p[i] === '?' || p[i] === t[j]) && p[i] !== '*') {
      i++;
      j++;
    } else if (i < p.length && p[i] === '*') {
      star = i++;
      mark = j;
    } else if (star !== -1) {
      i = star + 1;
      j = ++mark;
    } else return false;
  }
  while (p[i] === '*') i++;
  return i === p.length;
}

/**
 * Takes from the reservoir as long as this second has some, and samples a share of what comes beyond it. `reservoir` is
 * changed; `now` is epoch milliseconds, `chance` from 0 to below 1.
 */
export function decide(
  { reservoirSize, fixedRate }: Pick<SamplingCriteria, 'reservoirSize' | 'fixedRate'>,
  reservoir: Reservoir,
  now: number,
  chance: number,
): Decision {
  const second = Math.floor(now / 1000);
  if (reservoir.second !== second) {
    reservoir.second = second;
    reservoir.used = 0;
  }
  if (reservoir.used < reservoirSize) {
    reservoir.used++;
    return 'reservoir';
  }
  return chance < fixedRate ? 'rate' : 'not sampled';
}
