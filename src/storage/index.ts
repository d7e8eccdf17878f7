// The door of storage: rows and blobs, and the embedded implementations of both.
export type { Blobs } from './blobs.ts';
export type { Database, Migration, Queries, Row, Value, WriteOptions } from './database.ts';
export { openFilesystemBlobs } from './filesystem/filesystem-blobs.ts';
export { openSqlite } from './sqlite/sqlite-database.ts';
