// The tables of CloudWatch Logs.
import type { Migration } from '../../../storage/index.ts';

export const migrations: readonly Migration[] = [
  {
    name: 'groups, streams, blocks of events, subscription filters and their deliveries',
    // Ids come from log_counter and are never used twice, since the sink remembers them. A last_event_time of -1: no event yet.
    sql: `
      CREATE TABLE log_counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL);
      INSERT INTO log_counter VALUES ('group', 0), ('stream', 0), ('delivery', 0);

      CREATE TABLE log_group (
        id INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        name TEXT NOT NULL,
        creation_time INTEGER NOT NULL,
        retention_days INTEGER,
        deletion_protection INTEGER NOT NULL,
        stored_bytes INTEGER NOT NULL,
        tags TEXT NOT NULL,
        UNIQUE (account, region, name)
      );

      CREATE TABLE log_stream (
        id INTEGER PRIMARY KEY,
        group_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        creation_time INTEGER NOT NULL,
        first_event_time INTEGER,
        last_event_time INTEGER NOT NULL,
        last_ingestion_time INTEGER,
        stored_bytes INTEGER NOT NULL,
        next_sequence INTEGER NOT NULL,
        UNIQUE (group_id, name)
      );
      CREATE INDEX log_stream_by_last_event ON log_stream (group_id, last_event_time, name);

      CREATE TABLE log_block (
        stream_id INTEGER NOT NULL,
        first_time INTEGER NOT NULL,
        first_sequence INTEGER NOT NULL,
        group_id INTEGER NOT NULL,
        last_time INTEGER NOT NULL,
        event_count INTEGER NOT NULL,
        event_bytes INTEGER NOT NULL,
        encoding INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (stream_id, first_time, first_sequence)
      );
      CREATE INDEX log_block_by_group ON log_block (group_id, first_time, stream_id, first_sequence, last_time);

      CREATE TABLE log_subscription (
        group_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        pattern TEXT NOT NULL,
        destination_arn TEXT NOT NULL,
        distribution TEXT NOT NULL,
        creation_time INTEGER NOT NULL,
        PRIMARY KEY (group_id, name)
      );

      CREATE TABLE log_delivery (
        id INTEGER PRIMARY KEY,
        group_id INTEGER NOT NULL,
        subscription TEXT NOT NULL,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        destination_arn TEXT NOT NULL,
        created INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        due INTEGER NOT NULL,
        payload BLOB NOT NULL
      );
      CREATE INDEX log_delivery_due ON log_delivery (due);
    `,
  },
];
