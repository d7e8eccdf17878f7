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
];
