// How many rows a second SQLite stores durably on the disk of temporary folders, where the servers that are measured have theirs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const durationMs = 2000;

/** Rows of `bytes` each, `atOnce` of them in a transaction that is synced before the next begins. */
export function insertsPerSecond(bytes: number, atOnce: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-bench-inserts-'));
  const database = new DatabaseSync(join(folder, 'rows.sqlite'));
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec('CREATE TABLE events (id INTEGER PRIMARY KEY, payload BLOB)');
    const insert = database.prepare('INSERT INTO events (payload) VALUES (?)');
    const payload = Buffer.alloc(bytes, 'x');
    const startedAt = performance.now();
    let rows = 0;
    while (performance.now() - startedAt < durationMs) {
      database.exec('BEGIN');
      for (let row = 0; row < atOnce; row++) insert.run(payload);
      database.exec('COMMIT');
      rows += atOnce;
    }
    return (rows * 1000) / (performance.now() - startedAt);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
