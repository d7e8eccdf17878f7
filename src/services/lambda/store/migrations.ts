// The numbered steps of Lambda's tables; a released one is never edited.
import type { Migration } from '../../../storage/index.ts';

export const migrations: readonly Migration[] = [
  {
    name: 'functions and their versions',
    sql: `
      CREATE TABLE lambda_functions (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
        tags TEXT NOT NULL, last_number INTEGER NOT NULL,
        PRIMARY KEY (account, region, name)
      );
      CREATE TABLE lambda_versions (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
        code_sha256 TEXT NOT NULL, settled INTEGER NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (account, region, name, number)
      );
      CREATE INDEX lambda_versions_by_code ON lambda_versions (code_sha256);
      CREATE INDEX lambda_versions_unsettled ON lambda_versions (settled);
    `,
  },
  {
    name: 'packages in the blobs',
    sql: `
      CREATE TABLE lambda_packages (sha256 TEXT PRIMARY KEY);
      INSERT INTO lambda_packages SELECT DISTINCT code_sha256 FROM lambda_versions;
    `,
  },
  {
    name: 'aliases, and settings of functions and their qualifiers',
    sql: `
      CREATE TABLE lambda_aliases (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, alias TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (account, region, name, alias)
      );
      CREATE TABLE lambda_settings (
        account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, qualifier TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (account, region, kind, name, qualifier)
      );
      CREATE INDEX lambda_settings_by_function ON lambda_settings (account, region, name, qualifier);
    `,
  },
  {
    name: 'layers, and which function versions have them',
    sql: `
      CREATE TABLE lambda_layers (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, last_number INTEGER NOT NULL,
        PRIMARY KEY (account, region, name)
      );
      CREATE TABLE lambda_layer_versions (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
        code_sha256 TEXT NOT NULL, runtimes TEXT NOT NULL, architectures TEXT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (account, region, name, number)
      );
      CREATE INDEX lambda_layer_versions_by_code ON lambda_layer_versions (code_sha256);
      CREATE TABLE lambda_version_layers (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
        code_sha256 TEXT NOT NULL, stack TEXT NOT NULL,
        PRIMARY KEY (account, region, name, number, code_sha256)
      );
      CREATE INDEX lambda_version_layers_by_code ON lambda_version_layers (code_sha256);
      CREATE INDEX lambda_version_layers_by_stack ON lambda_version_layers (stack);
    `,
  },
  {
    name: 'what an account has stored',
    // json_extract is spelt otherwise elsewhere; this step only ever runs over rows of an older release.
    sql: `
      ALTER TABLE lambda_versions ADD COLUMN code_bytes INTEGER NOT NULL DEFAULT 0;
      UPDATE lambda_versions SET code_bytes = COALESCE(json_extract(record, '$.code.zippedBytes'), 0);
      CREATE TABLE lambda_account_usage (
        account TEXT NOT NULL, region TEXT NOT NULL, functions INTEGER NOT NULL, code_bytes INTEGER NOT NULL,
        PRIMARY KEY (account, region)
      );
      INSERT INTO lambda_account_usage
        SELECT account, region, SUM(CASE WHEN number = 0 THEN 1 ELSE 0 END), SUM(code_bytes)
        FROM lambda_versions GROUP BY account, region;
    `,
  },
  {
    name: 'event source mappings, and code signing configurations with the functions that have them',
    sql: `
      CREATE TABLE lambda_event_source_mappings (
        account TEXT NOT NULL, region TEXT NOT NULL, uuid TEXT NOT NULL, function_arn TEXT NOT NULL, source TEXT NOT NULL,
        settled INTEGER NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (account, region, uuid)
      );
      CREATE INDEX lambda_event_source_mappings_by_function
        ON lambda_event_source_mappings (account, region, function_arn, uuid);
      CREATE INDEX lambda_event_source_mappings_by_source
        ON lambda_event_source_mappings (account, region, source, uuid);
      CREATE INDEX lambda_event_source_mappings_unsettled ON lambda_event_source_mappings (settled);
      CREATE TABLE lambda_code_signing_configs (
        account TEXT NOT NULL, region TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (account, region, id)
      );
      CREATE TABLE lambda_code_signing_functions (
        account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, config_id TEXT NOT NULL,
        PRIMARY KEY (account, region, name)
      );
      CREATE INDEX lambda_code_signing_functions_by_config
        ON lambda_code_signing_functions (account, region, config_id, name);
    `,
  },
  {
    name: 'function URLs by their ids',
    // As above: only rows of an older release are looked into.
    sql: `
      ALTER TABLE lambda_settings ADD COLUMN lookup TEXT;
      UPDATE lambda_settings SET lookup = json_extract(record, '$.id') WHERE kind = 'url-config';
      CREATE UNIQUE INDEX lambda_settings_by_lookup ON lambda_settings (lookup);
    `,
  },
];
