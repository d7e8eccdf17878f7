// The tables of Amazon SQS.
import type { Migration } from '../../../storage/index.ts';

export const migrations: readonly Migration[] = [
  {
    name: 'queues, their messages, message groups, deduplication and message move tasks',
    // A queue's messages carry the number of their set. Purging gives the queue a new set and discards the old one, so that
    // it takes no longer for a million messages than for one. What changes while a message is delivered lies apart from its
    // content, so that receiving never writes a body again.
    sql: `
      CREATE TABLE sqs_number (name TEXT PRIMARY KEY, taken INTEGER NOT NULL);
      INSERT INTO sqs_number VALUES ('all', 0);

      CREATE TABLE sqs_queue (
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        name TEXT NOT NULL,
        message_set INTEGER NOT NULL UNIQUE,
        created INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        purged INTEGER,
        retention_ms INTEGER NOT NULL,
        dead_letter_arn TEXT,
        attributes TEXT NOT NULL,
        tags TEXT NOT NULL,
        PRIMARY KEY (account, region, name)
      );
      CREATE INDEX sqs_queue_by_dead_letter ON sqs_queue (dead_letter_arn, name) WHERE dead_letter_arn IS NOT NULL;

      CREATE TABLE sqs_deleted_queue (
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        name TEXT NOT NULL,
        deleted INTEGER NOT NULL,
        PRIMARY KEY (account, region, name)
      );

      CREATE TABLE sqs_discarded_set (message_set INTEGER PRIMARY KEY);

      CREATE TABLE sqs_message (
        id INTEGER PRIMARY KEY,
        message_set INTEGER NOT NULL,
        position INTEGER NOT NULL,
        fifo_group TEXT,
        sent INTEGER NOT NULL,
        visible_at INTEGER NOT NULL,
        in_flight INTEGER NOT NULL,
        received INTEGER,
        first_received INTEGER,
        receive_count INTEGER NOT NULL,
        source_arn TEXT
      );
      CREATE INDEX sqs_message_by_visibility ON sqs_message (message_set, visible_at, id, in_flight);
      CREATE INDEX sqs_message_by_sent ON sqs_message (message_set, sent);
      CREATE INDEX sqs_message_by_group ON sqs_message (message_set, fifo_group, position) WHERE fifo_group IS NOT NULL;

      CREATE TABLE sqs_content (
        id INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL,
        body TEXT NOT NULL,
        body_md5 TEXT NOT NULL,
        attributes TEXT,
        trace_header TEXT,
        sender_id TEXT NOT NULL,
        group_id TEXT,
        deduplication_id TEXT
      );

      CREATE TABLE sqs_group (
        message_set INTEGER NOT NULL,
        name TEXT NOT NULL,
        available_at INTEGER NOT NULL,
        PRIMARY KEY (message_set, name)
      );
      CREATE INDEX sqs_group_by_availability ON sqs_group (message_set, available_at);

      CREATE TABLE sqs_deduplication (
        message_set INTEGER NOT NULL,
        scope TEXT NOT NULL,
        deduplication_id TEXT NOT NULL,
        sent INTEGER NOT NULL,
        message_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (message_set, scope, deduplication_id)
      );
      CREATE INDEX sqs_deduplication_by_sent ON sqs_deduplication (sent);

      CREATE TABLE sqs_move_task (
        id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        source_arn TEXT NOT NULL,
        destination_arn TEXT,
        rate INTEGER,
        started INTEGER NOT NULL,
        last_position INTEGER NOT NULL,
        to_move INTEGER NOT NULL,
        moved INTEGER NOT NULL,
        status TEXT NOT NULL,
        failure TEXT
      );
      CREATE INDEX sqs_move_task_by_source ON sqs_move_task (source_arn, started);
      CREATE INDEX sqs_move_task_by_status ON sqs_move_task (status, account, region);
    `,
  },
];
