// What CloudWatch keeps of alarms: their configuration and state, which composites look at them, their history, and actions
// that are still to be taken.
import type { Database, Migration, Queries, Row, Value } from '../../../storage/index.ts';
import type { Alarm, AlarmKey, AlarmOwner, AlarmType, MetricStatistic, StateValue } from '../alarm.ts';
import { dimensionsKey } from '../metric.ts';

const migrations: readonly Migration[] = [
  {
    name: 'alarms, their history and their actions',
    sql: `
      CREATE TABLE cloudwatch_alarm (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL,
        metric TEXT, actions TEXT NOT NULL, held_until INTEGER, record TEXT NOT NULL, tags TEXT NOT NULL,
        PRIMARY KEY (account, region, name)
      );
      CREATE INDEX cloudwatch_alarm_by_state ON cloudwatch_alarm (account, region, state, name);
      CREATE INDEX cloudwatch_alarm_by_metric ON cloudwatch_alarm (account, region, metric, name);
      CREATE INDEX cloudwatch_alarm_held ON cloudwatch_alarm (held_until);
      CREATE TABLE cloudwatch_alarm_reference (
        account TEXT NOT NULL, region TEXT NOT NULL, alarm TEXT NOT NULL, composite TEXT NOT NULL, role TEXT NOT NULL,
        PRIMARY KEY (account, region, alarm, role, composite)
      );
      CREATE INDEX cloudwatch_alarm_reference_of ON cloudwatch_alarm_reference (account, region, composite, role);
      CREATE TABLE cloudwatch_alarm_history (
        id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
        item_type TEXT NOT NULL, time INTEGER NOT NULL, summary TEXT NOT NULL, data TEXT NOT NULL
      );
      CREATE INDEX cloudwatch_alarm_history_of ON cloudwatch_alarm_history (account, region, name, time, id);
      CREATE INDEX cloudwatch_alarm_history_in ON cloudwatch_alarm_history (account, region, time, id);
      CREATE INDEX cloudwatch_alarm_history_by_age ON cloudwatch_alarm_history (time);
      CREATE TABLE cloudwatch_alarm_action (
        id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
        action TEXT NOT NULL, message TEXT NOT NULL, transitioned INTEGER NOT NULL, attempts INTEGER NOT NULL,
        due INTEGER NOT NULL
      );
      CREATE INDEX cloudwatch_alarm_action_due ON cloudwatch_alarm_action (due);
    `,
  },
];

/** What a composite alarm looks at another for. */
export type ReferenceRole = 'rule' | 'suppressor';

export interface AlarmFilter extends AlarmOwner {
  names?: readonly string[] | undefined;
  prefix?: string | undefined;
  types: readonly AlarmType[];
  state?: StateValue | undefined;
  actionPrefix?: string | undefined;
}

export type HistoryItemType = 'ConfigurationUpdate' | 'StateUpdate' | 'Action';

export interface HistoryItem extends AlarmKey {
  type: AlarmType;
  itemType: HistoryItemType;
  /** Epoch milliseconds. */
  time: number;
  summary: string;
  /** JSON. */
  data: string;
}

export interface HistoryFilter extends AlarmOwner {
  name?: string | undefined;
  types: readonly AlarmType[];
  itemType?: string | undefined;
  /** Epoch milliseconds, both inclusive. */
  from: number;
  to: number;
}

/** Where a page of history ended. */
export interface HistoryPlace {
  time: number;
  id: number;
}

/** An action that is to be taken. */
export interface PendingAction extends AlarmKey {
  id: number;
  type: AlarmType;
  /** ARN of what is told. */
  action: string;
  /** What it is told. */
  message: string;
  /** When the state was entered, epoch milliseconds. */
  transitioned: number;
  attempts: number;
}

export type Tags = Record<string, string>;

interface AlarmRow extends Row {
  record: string;
}

interface HistoryRow extends Row {
  id: number;
  account: string;
  region: string;
  name: string;
  type: AlarmType;
  item_type: HistoryItemType;
  time: number;
  summary: string;
  data: string;
}

interface ActionRow extends Row {
  id: number;
  account: string;
  region: string;
  name: string;
  type: AlarmType;
  action: string;
  message: string;
  transitioned: number;
  attempts: number;
}

/** Above every character that a name may hold. */
const afterAll = '\u{10ffff}';

export class AlarmStore {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<AlarmStore> {
    await database.migrate('cloudwatch-alarms', migrations);
    return new AlarmStore(database);
  }

  /** Runs `work` in one transaction. */
  write<T>(work: (writer: AlarmWriter) => Promise<T>): Promise<T> {
    return this.#database.transaction((queries) => work(new AlarmWriter(queries)));
  }

  get(key: AlarmKey): Promise<Alarm | undefined> {
    return find(this.#database, key);
  }

  tags(key: AlarmKey): Promise<Tags | undefined> {
    return findTags(this.#database, key);
  }

  /** The next alarms after the name `after`, by name. */
  async list(filter: AlarmFilter, after: string | undefined, limit: number): Promise<Alarm[]> {
    const { account, region, names, prefix, types, state, actionPrefix } = filter;
    if (names?.length === 0 || types.length === 0) return [];
    let where = `account = ? AND region = ? AND type IN (${placeholders(types)})`;
    const parameters: Value[] = [account, region, ...types];
    const also = (condition: string, ...values: Value[]) => {
      where += ` AND ${condition}`;
      parameters.push(...values);
    };
    if (after !== undefined) also('name > ?', after);
    if (names !== undefined) also(`name IN (${placeholders(names)})`, ...names);
    if (prefix !== undefined) also('name >= ? AND name < ?', prefix, prefix + afterAll);
    if (state !== undefined) also('state = ?', state);
    // Actions are kept one a line, so that a prefix is found behind a line's end.
    if (actionPrefix !== undefined) also("actions LIKE ? ESCAPE '!'", `%\n${escapeLike(actionPrefix)}%`);
    const rows = await this.#database.all<AlarmRow>(
      `SELECT record FROM cloudwatch_alarm WHERE ${where} ORDER BY name LIMIT ?`,
      ...parameters,
      limit,
    );
    return rows.map(toAlarm);
  }

  /** The alarms of a metric itself, of whatever statistic. */
  async ofMetric({ account, region }: AlarmOwner, metric: string): Promise<Alarm[]> {
    const rows = await this.#database.all<AlarmRow>(
      'SELECT record FROM cloudwatch_alarm WHERE account = ? AND region = ? AND metric = ? ORDER BY name',
      account,
      region,
      metric,
    );
    return rows.map(toAlarm);
  }

  /** Every alarm of every owner, in no order: for the schedule, once at a start. */
  async each(visit: (alarm: Alarm) => void): Promise<void> {
    const page = 500;
    let place: AlarmKey = { account: '', region: '', name: '' };
    for (;;) {
      const rows = await this.#database.all<AlarmRow>(
        `SELECT record FROM cloudwatch_alarm WHERE (account, region, name) > (?, ?, ?)
         ORDER BY account, region, name LIMIT ?`,
        place.account,
        place.region,
        place.name,
        page,
      );
      for (const row of rows) {
        const alarm = toAlarm(row);
        visit(alarm);
        place = alarm;
      }
      if (rows.length < page) return;
    }
  }

  composites(key: AlarmKey, role: ReferenceRole): Promise<string[]> {
    return compositesOf(this.#database, key, role);
  }

  /** Composite alarms whose actions are held back until `now` at the latest. */
  async heldUntil(now: number): Promise<AlarmKey[]> {
    return this.#database.all<AlarmKey & Row>(
      'SELECT account, region, name FROM cloudwatch_alarm WHERE held_until <= ?',
      now,
    );
  }

  async nextHeldUntil(): Promise<number | undefined> {
    const row = await this.#database.get<{ until: number | null }>(
      'SELECT MIN(held_until) AS until FROM cloudwatch_alarm',
    );
    return row?.until ?? undefined;
  }

  /** The next items from a place on, the newest first or last. */
  async history(
    filter: HistoryFilter,
    place: HistoryPlace | undefined,
    newestFirst: boolean,
    limit: number,
  ): Promise<(HistoryItem & { id: number })[]> {
    const { account, region, name, types, itemType, from, to } = filter;
    let where = `account = ? AND region = ? AND time >= ? AND time <= ? AND type IN (${placeholders(types)})`;
    const parameters: Value[] = [account, region, from, to, ...types];
    const also = (condition: string, ...values: Value[]) => {
      where += ` AND ${condition}`;
      parameters.push(...values);
    };
    if (name !== undefined) also('name = ?', name);
    if (itemType !== undefined) also('item_type = ?', itemType);
    if (place !== undefined) also(`(time, id) ${newestFirst ? '<' : '>'} (?, ?)`, place.time, place.id);
    const order = newestFirst ? 'DESC' : 'ASC';
    const rows = await this.#database.all<HistoryRow>(
      `SELECT * FROM cloudwatch_alarm_history WHERE ${where} ORDER BY time ${order}, id ${order} LIMIT ?`,
      ...parameters,
      limit,
    );
    return rows.map(({ item_type, ...row }) => ({ ...row, itemType: item_type }));
  }

  async deleteHistoryBefore(time: number): Promise<void> {
    await this.#database.run('DELETE FROM cloudwatch_alarm_history WHERE time < ?', time);
  }

  async dueActions(now: number, limit: number): Promise<PendingAction[]> {
    return this.#database.all<ActionRow>(
      'SELECT * FROM cloudwatch_alarm_action WHERE due <= ? ORDER BY due, id LIMIT ?',
      now,
      limit,
    );
  }

  async nextActionDue(): Promise<number | undefined> {
    const row = await this.#database.get<{ due: number | null }>('SELECT MIN(due) AS due FROM cloudwatch_alarm_action');
    return row?.due ?? undefined;
  }

  async retryAction(id: number, attempts: number, due: number): Promise<void> {
    await this.#database.run(
      'UPDATE cloudwatch_alarm_action SET attempts = ?, due = ? WHERE id = ?',
      attempts,
      due,
      id,
    );
  }
}

/** What can be read and changed inside of a transaction. */
export class AlarmWriter {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  get(key: AlarmKey): Promise<Alarm | undefined> {
    return find(this.#queries, key);
  }

  tags(key: AlarmKey): Promise<Tags | undefined> {
    return findTags(this.#queries, key);
  }

  composites(key: AlarmKey, role: ReferenceRole): Promise<string[]> {
    return compositesOf(this.#queries, key, role);
  }

  /** Keeps an alarm; the tags of one that exists stay as they are. */
  async put(alarm: Alarm, tags: Tags = {}): Promise<void> {
    const { account, region, name, type, actions } = alarm;
    const lines = [...actions.ok, ...actions.alarm, ...actions.insufficientData].map((action) => `\n${action}`);
    await this.#queries.run(
      `INSERT INTO cloudwatch_alarm (account, region, name, type, state, metric, actions, held_until, record, tags)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, region, name) DO UPDATE SET state = excluded.state, metric = excluded.metric,
         actions = excluded.actions, held_until = excluded.held_until, record = excluded.record`,
      account,
      region,
      name,
      type,
      alarm.state.value,
      alarm.type === 'MetricAlarm' && alarm.metric !== undefined ? metricKey(alarm.metric) : null,
      lines.join(''),
      alarm.type === 'CompositeAlarm' ? (alarm.suppressed?.until ?? null) : null,
      JSON.stringify(alarm),
      JSON.stringify(tags),
    );
  }

  async delete({ account, region, name }: AlarmKey): Promise<void> {
    await this.refer({ account, region, name }, [], undefined);
    await this.#queries.run(
      'DELETE FROM cloudwatch_alarm WHERE account = ? AND region = ? AND name = ?',
      account,
      region,
      name,
    );
  }

  async putTags({ account, region, name }: AlarmKey, tags: Tags): Promise<void> {
    await this.#queries.run(
      'UPDATE cloudwatch_alarm SET tags = ? WHERE account = ? AND region = ? AND name = ?',
      JSON.stringify(tags),
      account,
      region,
      name,
    );
  }

  /** Sets what a composite alarm looks at. */
  async refer(
    { account, region, name }: AlarmKey,
    alarms: readonly string[],
    suppressor: string | undefined,
  ): Promise<void> {
    await this.#queries.run(
      'DELETE FROM cloudwatch_alarm_reference WHERE account = ? AND region = ? AND composite = ?',
      account,
      region,
      name,
    );
    const references = alarms.map((alarm): [string, ReferenceRole] => [alarm, 'rule']);
    if (suppressor !== undefined) references.push([suppressor, 'suppressor']);
    for (const [alarm, role] of references) {
      await this.#queries.run(
        'INSERT INTO cloudwatch_alarm_reference (account, region, alarm, composite, role) VALUES (?, ?, ?, ?, ?)',
        account,
        region,
        alarm,
        name,
        role,
      );
    }
  }

  async addHistory({ account, region, name, type, itemType, time, summary, data }: HistoryItem): Promise<void> {
    await this.#queries.run(
      `INSERT INTO cloudwatch_alarm_history (account, region, name, type, item_type, time, summary, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      account,
      region,
      name,
      type,
      itemType,
      time,
      summary,
      data,
    );
  }

  async addAction({ account, region, name, type, state }: Alarm, action: string, message: string): Promise<void> {
    await this.#queries.run(
      `INSERT INTO cloudwatch_alarm_action (account, region, name, type, action, message, transitioned, attempts, due)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
      account,
      region,
      name,
      type,
      action,
      message,
      state.transitioned,
      state.transitioned,
    );
  }

  async deleteAction(id: number): Promise<void> {
    await this.#queries.run('DELETE FROM cloudwatch_alarm_action WHERE id = ?', id);
  }
}

/** What identifies the metric that alarms watch. */
export function metricKey({
  namespace,
  metricName,
  dimensions,
}: Pick<MetricStatistic, 'namespace' | 'metricName' | 'dimensions'>): string {
  return JSON.stringify([namespace, metricName, dimensionsKey(dimensions)]);
}

async function find(queries: Queries, { account, region, name }: AlarmKey): Promise<Alarm | undefined> {
  const row = await queries.get<AlarmRow>(
    'SELECT record FROM cloudwatch_alarm WHERE account = ? AND region = ? AND name = ?',
    account,
    region,
    name,
  );
  return row && toAlarm(row);
}

async function findTags(queries: Queries, { account, region, name }: AlarmKey): Promise<Tags | undefined> {
  const row = await queries.get<{ tags: string }>(
    'SELECT tags FROM cloudwatch_alarm WHERE account = ? AND region = ? AND name = ?',
    account,
    region,
    name,
  );
  return row && JSON.parse(row.tags);
}

async function compositesOf(
  queries: Queries,
  { account, region, name }: AlarmKey,
  role: ReferenceRole,
): Promise<string[]> {
  const rows = await queries.all<{ composite: string }>(
    `SELECT composite FROM cloudwatch_alarm_reference WHERE account = ? AND region = ? AND alarm = ? AND role = ?
     ORDER BY composite`,
    account,
    region,
    name,
    role,
  );
  return rows.map(({ composite }) => composite);
}

function toAlarm({ record }: AlarmRow): Alarm {
  return JSON.parse(record);
}

function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, '!$&');
}
