// Queries over metrics, as GetMetricData and alarms of metric math have them: checked, then run.
import type { OperationsOf } from '../../contracts/index.ts';
import { validationError } from './errors.ts';
import { InsightsSeries } from './insights-series.ts';
import { limits } from './limits.ts';
import { dimensionsOf, type MetricName } from './metric.ts';
import { defaultLabels, dynamicLabel } from './metric-label.ts';
import {
  type Expression,
  ExpressionError,
  evaluate,
  type MathScope,
  type MathValue,
  namesIn,
  parseExpression,
  type TimeSeries,
} from './metric-math/index.ts';
import type { MetricReader } from './metric-reader.ts';
import { type InsightsQuery, isInsightsQuery, parseInsightsQuery } from './metrics-insights.ts';
import { isPeriod, roundedStart } from './period-rules.ts';
import { parseSearch, type SearchExpression } from './search-expression.ts';
import { parseStatistic, type Statistic, statisticOf } from './statistics.ts';
import type { ListedMetric, MetricStore } from './store/metrics.ts';
import { byPreference } from './units.ts';

export type MetricDataQuery = NonNullable<
  OperationsOf<'cloudwatch'>['GetMetricData']['input']['MetricDataQueries']
>[number];

export interface QueryRange {
  account: string;
  region: string;
  /** Epoch milliseconds. */
  from: number;
  /** Epoch milliseconds, exclusive. */
  to: number;
  now: number;
  /** Milliseconds from UTC in which dynamic labels tell the time. */
  timezone?: number;
}

export interface QueryResult {
  id: string;
  /** With its final label. */
  series: TimeSeries;
  messages: { Code: string; Value: string }[];
  /** True when the query asks for metrics of an account that shares none with this one. */
  forbidden: boolean;
}

interface MetricQuery {
  kind: 'metric';
  id: string;
  query: MetricDataQuery;
  metric: Omit<MetricName, 'account' | 'region'>;
  statistic: Statistic;
  period: number;
}

interface ExpressionQuery {
  kind: 'expression';
  id: string;
  query: MetricDataQuery;
  expression: Expression;
}

interface InsightsDataQuery {
  kind: 'insights';
  id: string;
  query: MetricDataQuery;
  insights: InsightsQuery;
}

type Query = MetricQuery | ExpressionQuery | InsightsDataQuery;

const idPattern = /^[a-z][a-zA-Z0-9_]*$/;

/** Checked queries of one request; `path` is how messages name the list. Throws ValidationError. */
export function checkQueries(queries: readonly MetricDataQuery[], path: string): readonly Query[] {
  if (queries.length > limits.queriesPerRequest) {
    throw validationError(`The collection ${path} must not have a size greater than ${limits.queriesPerRequest}.`);
  }
  const checked = queries.map((query, index) => checkQuery(query, `${path}.member.${index + 1}`));
  const byId = new Map(checked.map((query) => [query.id, query]));
  if (byId.size < checked.length) throw validationError(`The values for parameter id in ${path} are not unique.`);
  const done = new Set<string>();
  for (const query of checked) refuseCycle(query, byId, new Set(), done);
  return checked;
}

function checkQuery(query: MetricDataQuery, path: string): Query {
  const { Id: id = '', Expression: text, MetricStat: metricStat, Period: period } = query;
  if (!idPattern.test(id)) {
    throw validationError(
      `The value for parameter ${path}.Id is not matching the expected pattern ${idPattern.source}.`,
    );
  }
  if (text !== undefined && metricStat !== undefined) throw exclusive(`${path}.Expression`, `${path}.MetricStat`);
  if (text === undefined && metricStat === undefined) {
    throw validationError(`The parameter ${path}.MetricStat is required.\n`);
  }
  if (metricStat === undefined) {
    if (period !== undefined && !isPeriod(period)) throw invalidPeriod(`${path}.Period`);
    if (isInsightsQuery(text!)) {
      return { kind: 'insights', id, query, insights: parsed(id, () => parseInsightsQuery(text!)) };
    }
    return { kind: 'expression', id, query, expression: parsed(id, () => parseExpression(text!)) };
  }
  if (period !== undefined) throw exclusive(`${path}.Period`, `${path}.MetricStat`);
  const { Metric: metric, Period: statPeriod, Stat: stat } = metricStat;
  if (!isPeriod(statPeriod!)) throw invalidPeriod(`${path}.MetricStat.Period`);
  const statistic = parseStatistic(stat!);
  if (statistic === undefined)
    throw validationError(`The value ${stat} for parameter ${path}.MetricStat.Stat is not supported.`);
  if (!metric?.Namespace) throw validationError(`The parameter ${path}.MetricStat.Metric.Namespace is required.\n`);
  if (!metric.MetricName) throw validationError(`The parameter ${path}.MetricStat.Metric.MetricName is required.\n`);
  const dimensions = (metric.Dimensions ?? []).map(({ Name, Value }) => [Name!, Value!] as const);
  return {
    kind: 'metric',
    id,
    query,
    metric: { namespace: metric.Namespace, name: metric.MetricName, dimensions },
    statistic,
    period: statPeriod!,
  };
}

function parsed<T>(id: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw asValidationError(id, error);
  }
}

/** `done`: ids from which no way leads in a circle. */
function refuseCycle(query: Query, byId: ReadonlyMap<string, Query>, path: Set<string>, done: Set<string>): void {
  if (query.kind !== 'expression' || done.has(query.id)) return;
  if (path.has(query.id)) throw validationError(`Error in expression '${query.id}': The expression refers to itself`);
  path.add(query.id);
  for (const name of namesIn(query.expression)) {
    const next = byId.get(name);
    if (next !== undefined) refuseCycle(next, byId, path, done);
  }
  path.delete(query.id);
  done.add(query.id);
}

/** Runs checked queries; resolves to what those result in that return data. Rejects with ValidationError. */
export async function runQueries(
  queries: readonly Query[],
  range: QueryRange,
  parts: { reader: MetricReader; store: MetricStore },
): Promise<QueryResult[]> {
  const run = new QueryRun(queries, range, parts);
  const results: QueryResult[] = [];
  for (const query of queries) if (query.query.ReturnData !== false) results.push(...(await run.resultsOf(query)));
  return results;
}

class QueryRun {
  readonly #byId: ReadonlyMap<string, Query>;
  readonly #queries: readonly Query[];
  readonly #range: QueryRange;
  readonly #reader: MetricReader;
  readonly #store: MetricStore;
  readonly #values = new Map<string, Promise<MathValue>>();
  readonly #messages = new Map<string, QueryResult['messages']>();
  readonly #labels: ReadonlyMap<string, string>;

  constructor(queries: readonly Query[], range: QueryRange, parts: { reader: MetricReader; store: MetricStore }) {
    this.#queries = queries;
    this.#byId = new Map(queries.map((query) => [query.id, query]));
    this.#range = range;
    this.#reader = parts.reader;
    this.#store = parts.store;
    const metrics = queries.filter((query) => query.kind === 'metric');
    const labels = defaultLabels(metrics.map((query) => ({ source: this.#sourceOf(query), period: query.period })));
    this.#labels = new Map(metrics.map((query, index) => [query.id, labels[index]!]));
  }

  async resultsOf(query: Query): Promise<QueryResult[]> {
    const value = await this.#valueOf(query);
    if (typeof value !== 'object') {
      throw validationError(`Error in expression '${query.id}': The expression must result in a time series`);
    }
    const all = Array.isArray(value) ? value : [value];
    return all.map((series) => ({
      id: query.id,
      series: { ...series, label: this.#labelOf(query, series, Array.isArray(value)) },
      messages: this.#messages.get(query.id) ?? [],
      forbidden: this.#isForbidden(query),
    }));
  }

  #labelOf(query: Query, series: TimeSeries, several: boolean): string {
    const { now, timezone = 0 } = this.#range;
    const own = query.kind === 'metric' || several ? series.label : query.id;
    const label = query.query.Label;
    if (label === undefined) return own;
    if (several && !label.includes('${')) return `${label} ${series.label}`;
    return dynamicLabel(label, { ...series, label: own }, { now, timezone });
  }

  #valueOf(query: Query): Promise<MathValue> {
    let value = this.#values.get(query.id);
    if (value === undefined) {
      value = this.#run(query);
      this.#values.set(query.id, value);
    }
    return value;
  }

  #run(query: Query): Promise<MathValue> {
    if (query.kind === 'metric') return this.#readMetric(query);
    return query.kind === 'insights' ? this.#select(query) : this.#evaluate(query);
  }

  async #evaluate(query: ExpressionQuery): Promise<MathValue> {
    try {
      return await evaluate(query.expression, this.#scopeOf(query));
    } catch (error) {
      throw asValidationError(query.id, error);
    }
  }

  #scopeOf(query: ExpressionQuery): MathScope {
    const period = this.#periodOf(query);
    return {
      grid: { from: this.#startOf(period), to: this.#range.to, period },
      resolve: async (id) => {
        const other = this.#byId.get(id);
        return other && this.#valueOf(other);
      },
      metrics: (part) => this.#metrics(part),
      search: (text, stat, searchPeriod) => this.#search(text, stat, searchPeriod),
    };
  }

  /** The period of a query that is no metric: its own, or the longest of the metrics. */
  #periodOf({ query }: Query): number {
    const periods = this.#queries.flatMap((each) => (each.kind === 'metric' ? [each.period] : []));
    return query.Period ?? (periods.length === 0 ? 60 : Math.max(...periods));
  }

  async #metrics(part: string | undefined): Promise<TimeSeries[]> {
    const found: TimeSeries[] = [];
    for (const query of this.#queries) {
      if (query.kind !== 'metric' || (part !== undefined && !query.id.includes(part))) continue;
      found.push((await this.#valueOf(query)) as TimeSeries);
    }
    return found;
  }

  async #readMetric(query: MetricQuery): Promise<TimeSeries> {
    const source = this.#sourceOf(query);
    const label = this.#labels.get(query.id)!;
    if (this.#isForbidden(query)) return { label, period: query.period, timestamps: [], values: [], source };
    const { series, units } = await this.#read(source, query.statistic, query.period, query.query.MetricStat?.Unit);
    if (units.length > 1) {
      const Value = `Multiple units returned: '[${units.join(', ')}]'`;
      this.#messages.set(query.id, [{ Code: 'MultipleUnits', Value }]);
    }
    return { ...series, label };
  }

  async #search(text: string, stat: string, period: number): Promise<TimeSeries[]> {
    const statistic = parseStatistic(stat);
    if (statistic === undefined) throw new ExpressionError(`Unknown statistic: ${stat}`);
    if (!isPeriod(period)) throw new ExpressionError(`Invalid period: ${period}`);
    const { account, region } = this.#range;
    const found = await this.#find(parseSearch(text), limits.seriesPerSearch);
    const sources = found.map(({ namespace, name, dimensionsKey }) => ({
      account,
      region,
      namespace,
      name,
      dimensions: dimensionsOf(dimensionsKey),
      stat,
    }));
    const labels = defaultLabels(sources.map((source) => ({ source, period })));
    const all: TimeSeries[] = [];
    for (const [index, source] of sources.entries()) {
      const { series } = await this.#read(source, statistic, period, undefined);
      all.push({ ...series, label: labels[index]! });
    }
    return all;
  }

  /** What a Metrics Insights query results in: one series, or with GROUP BY those of each group. */
  async #select(query: InsightsDataQuery): Promise<MathValue> {
    const { name, namespace, matches } = query.insights;
    const { account, region, to } = this.#range;
    const period = this.#periodOf(query);
    const range = { from: this.#startOf(period), to, period };
    const search: SearchExpression = {
      namespace,
      name,
      matches: ({ dimensionsKey }) => matches(new Map(dimensionsOf(dimensionsKey))),
    };
    const series = new InsightsSeries(query.insights, period);
    for (const { dimensionsKey } of await this.#find(search, limits.metricsPerInsightsQuery)) {
      const dimensions = dimensionsOf(dimensionsKey);
      series.add(dimensions, await this.#reader.periods({ account, region, namespace, name, dimensions }, range));
    }
    return series.result();
  }

  /** Metrics that a search names, as far as AWS looks. */
  async #find(search: SearchExpression, limit: number): Promise<ListedMetric[]> {
    const { account, region, now } = this.#range;
    const { namespace, name } = search;
    const activeFrom = Math.floor((now - limits.listedForMs) / 1000);
    const found: ListedMetric[] = [];
    let after: ListedMetric | undefined;
    do {
      const filter = { account, region, namespace, name, dimensions: [], activeFrom };
      const page = await this.#store.list(filter, after, limits.metricsPerPage);
      found.push(...page.filter((metric) => search.matches(metric)));
      after = page.length === limits.metricsPerPage ? page.at(-1) : undefined;
    } while (after !== undefined && found.length < limit);
    return found.slice(0, limit);
  }

  /** One statistic of a metric; when no unit is asked for and values came in several, those of one unit, and all units. */
  async #read(
    source: NonNullable<TimeSeries['source']>,
    statistic: Statistic,
    period: number,
    unit: string | undefined,
  ): Promise<{ series: TimeSeries; units: string[] }> {
    const range = { from: this.#startOf(period), to: this.#range.to, period, unit };
    const periods = await this.#reader.periods(source, range);
    const units = byPreference(new Set(periods.map((each) => each.unit)));
    const timestamps: number[] = [];
    const values: number[] = [];
    for (const each of periods) {
      const value = each.unit === units[0] ? statisticOf(statistic, each.set) : undefined;
      if (value === undefined) continue;
      timestamps.push(each.time);
      values.push(value);
    }
    return { series: { label: source.name, period, timestamps, values, source }, units };
  }

  #startOf(period: number): number {
    return roundedStart(this.#range.from, period, this.#range.now);
  }

  #sourceOf({ metric, query }: MetricQuery): NonNullable<TimeSeries['source']> {
    const { account, region } = this.#range;
    return { account, region, ...metric, stat: query.MetricStat!.Stat! };
  }

  #isForbidden({ query }: Query): boolean {
    return query.AccountId !== undefined && query.AccountId !== this.#range.account;
  }
}

function asValidationError(id: string, error: unknown): unknown {
  return error instanceof ExpressionError ? validationError(`Error in expression '${id}': ${error.message}`) : error;
}

const exclusive = (one: string, other: string) =>
  validationError(`The parameters ${one} and ${other} are mutually exclusive and you have specified both.`);

const invalidPeriod = (path: string) =>
  validationError(`The parameter ${path} must be 1, 5, 10, 20, 30 or a multiple of 60.`);
