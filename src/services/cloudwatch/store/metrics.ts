// What CloudWatch keeps of metrics: their names and their points. The only file that reads or writes them.
import type { Database, Migration, Queries, Row } from '../../../storage/index.ts';
import { decodeDistribution, encodeDistribution } from '../distribution.ts';
import { dimensionsKey, type MetricName } from '../metric.ts';
import { StatisticSet } from '../statistic-set.ts';

const migrations: readonly Migration[] = [
  {
    name: 'metrics and their points',
    sql: `
      CREATE TABLE metric (
        id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
        dimensions TEXT NOT NULL, last_time INTEGER NOT NULL, UNIQUE (account, region, namespace, name, dimensions)
      );
      CREATE INDEX metric_by_age ON metric (last_time);
      CREATE TABLE metric_dimension (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        metric_id INTEGER NOT NULL REFERENCES metric (id), PRIMARY KEY (account, region, name, value, metric_id)
      );
      CREATE INDEX metric_dimension_of ON metric_dimension (metric_id);
      CREATE TABLE metric_point (
        metric_id INTEGER NOT NULL, time INTEGER NOT NULL, resolution INTEGER NOT NULL, unit TEXT NOT NULL,
        sample_count REAL NOT NULL, sum REAL NOT NULL, minimum REAL NOT NULL, maximum REAL NOT NULL, distribution BLOB,
        PRIMARY KEY (metric_id, time, resolution, unit)
      );
      CREATE INDEX metric_point_by_age ON metric_point (resolution, time);
    `,
  },
];

/** Where a point is; time and resolution in seconds. */
export interface PointKey {
  metricId: number;
  time: number;
  resolution: number;
  unit: string;
}

export interface Point extends PointKey {
  set: StatisticSet;
}

/** A metric as listings tell it. */
export interface ListedMetric {
  namespace: string;
  name: string;
  /** As `dimensionsKey` writes them. */
  dimensionsKey: string;
}

export interface MetricFilter {
  account: string;
  region: string;
  namespace?: string | undefined;
  name?: string | undefined;
  dimensions: readonly { name: string; value?: string | undefined }[];
  /** Epoch seconds: metrics without points from then on are left out. */
  activeFrom: number;
}

interface PointRow extends Row {
  metric_id: number;
  time: number;
  resolution: number;
  unit: string;
  sample_count: number;
  sum: number;
  minimum: number;
  maximum: number;
  distribution: Uint8Array | null;
}

export class MetricStore {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<MetricStore> {
    await database.migrate('cloudwatch-metrics', migrations);
    return new MetricStore(database);
  }

  /** Runs `work` in one transaction. */
  write<T>(work: (writer: MetricWriter) => Promise<T>): Promise<T> {
    return this.#database.transaction((queries) => work(new MetricWriter(queries)));
  }

  async findMetric(metric: MetricName): Promise<number | undefined> {
    return findMetric(this.#database, metric);
  }

  /** Points from `from` to before `to` (epoch seconds), by time. */
  async points(metricId: number, from: number, to: number): Promise<Point[]> {
    const rows = await this.#database.all<PointRow>(
      'SELECT * FROM metric_point WHERE metric_id = ? AND time >= ? AND time < ? ORDER BY time, resolution, unit',
      metricId,
      from,
      to,
    );
    return rows.map(toPoint);
  }

  /** The next metrics after `after`, by namespace, name and dimensions. */
  async list(filter: MetricFilter, after: ListedMetric | undefined, limit: number): Promise<ListedMetric[]> {
    const parameters: (string | number)[] = [];
    let joins = '';
    for (const [index, { name, value }] of filter.dimensions.entries()) {
      // Which of the values it has does not matter, and a metric has a dimension once.
      joins += ` JOIN metric_dimension d${index} ON d${index}.metric_id = m.id AND d${index}.account = ? AND d${index}.region = ? AND d${index}.name = ?`;
      parameters.push(filter.account, filter.region, name);
      if (value !== undefined) {
        joins += ` AND d${index}.value = ?`;
        parameters.push(value);
      }
    }
    let where = 'm.account = ? AND m.region = ? AND m.last_time >= ?';
    parameters.push(filter.account, filter.region, filter.activeFrom);
    if (filter.namespace !== undefined) {
      where += ' AND m.namespace = ?';
      parameters.push(filter.namespace);
    }
    if (filter.name !== undefined) {
      where += ' AND m.name = ?';
      parameters.push(filter.name);
    }
    if (after !== undefined) {
      where += ' AND (m.namespace, m.name, m.dimensions) > (?, ?, ?)';
      parameters.push(after.namespace, after.name, after.dimensionsKey);
    }
    const rows = await this.#database.all<{ namespace: string; name: string; dimensions: string }>(
      `SELECT m.namespace, m.name, m.dimensions FROM metric m${joins} WHERE ${where} ORDER BY m.namespace, m.name, m.dimensions LIMIT ?`,
      ...parameters,
      limit,
    );
    return rows.map(({ namespace, name, dimensions }) => ({ namespace, name, dimensionsKey: dimensions }));
  }
}

/** What can be changed, inside of a transaction. */
export class MetricWriter {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** The metric's id; it springs into being. `time`: of its latest point, epoch seconds. */
  async touchMetric(metric: MetricName, time: number): Promise<number> {
    const found = await findMetric(this.#queries, metric);
    if (found !== undefined) {
      await this.#queries.run('UPDATE metric SET last_time = ? WHERE id = ? AND last_time < ?', time, found, time);
      return found;
    }
    const inserted = await this.#queries.get<{ id: number }>(
      'INSERT INTO metric (account, region, namespace, name, dimensions, last_time) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
      metric.account,
      metric.region,
      metric.namespace,
      metric.name,
      dimensionsKey(metric.dimensions),
      time,
    );
    for (const [name, value] of metric.dimensions) {
      await this.#queries.run(
        'INSERT INTO metric_dimension (account, region, name, value, metric_id) VALUES (?, ?, ?, ?, ?)',
        metric.account,
        metric.region,
        name,
        value,
        inserted!.id,
      );
    }
    return inserted!.id;
  }

  async point({ metricId, time, resolution, unit }: PointKey): Promise<StatisticSet | undefined> {
    const row = await this.#queries.get<PointRow>(
      'SELECT * FROM metric_point WHERE metric_id = ? AND time = ? AND resolution = ? AND unit = ?',
      metricId,
      time,
      resolution,
      unit,
    );
    return row && toPoint(row).set;
  }

  async putPoint({ metricId, time, resolution, unit }: PointKey, set: StatisticSet): Promise<void> {
    await this.#queries.run(
      `INSERT INTO metric_point (metric_id, time, resolution, unit, sample_count, sum, minimum, maximum, distribution)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (metric_id, time, resolution, unit) DO UPDATE SET sample_count = excluded.sample_count,
         sum = excluded.sum, minimum = excluded.minimum, maximum = excluded.maximum, distribution = excluded.distribution`,
      metricId,
      time,
      resolution,
      unit,
      set.sampleCount,
      set.sum,
      set.minimum,
      set.maximum,
      set.distribution === undefined ? null : encodeDistribution(set.distribution),
    );
  }

  async deletePoint({ metricId, time, resolution, unit }: PointKey): Promise<void> {
    await this.#queries.run(
      'DELETE FROM metric_point WHERE metric_id = ? AND time = ? AND resolution = ? AND unit = ?',
      metricId,
      time,
      resolution,
      unit,
    );
  }

  /** The oldest points of a resolution from before `before` (epoch seconds). */
  async pointsBefore(resolution: number, before: number, limit: number): Promise<Point[]> {
    const rows = await this.#queries.all<PointRow>(
      'SELECT * FROM metric_point WHERE resolution = ? AND time < ? ORDER BY time, metric_id, unit LIMIT ?',
      resolution,
      before,
      limit,
    );
    return rows.map(toPoint);
  }

  /** Metrics whose last point is older than `before` (epoch seconds). */
  async metricsBefore(before: number, limit: number): Promise<number[]> {
    const rows = await this.#queries.all<{ id: number }>(
      'SELECT id FROM metric WHERE last_time < ? ORDER BY last_time LIMIT ?',
      before,
      limit,
    );
    return rows.map(({ id }) => id);
  }

  /** Forgets a metric without points. */
  async deleteMetric(metricId: number): Promise<void> {
    await this.#queries.run('DELETE FROM metric_dimension WHERE metric_id = ?', metricId);
    await this.#queries.run('DELETE FROM metric WHERE id = ?', metricId);
  }
}

async function findMetric(queries: Queries, metric: MetricName): Promise<number | undefined> {
  const row = await queries.get<{ id: number }>(
    'SELECT id FROM metric WHERE account = ? AND region = ? AND namespace = ? AND name = ? AND dimensions = ?',
    metric.account,
    metric.region,
    metric.namespace,
    metric.name,
    dimensionsKey(metric.dimensions),
  );
  return row?.id;
}

function toPoint(row: PointRow): Point {
  const distribution = row.distribution === null ? undefined : decodeDistribution(row.distribution);
  return {
    metricId: row.metric_id,
    time: row.time,
    resolution: row.resolution,
    unit: row.unit,
    set: StatisticSet.of(row.sample_count, row.sum, row.minimum, row.maximum, distribution),
  };
}
