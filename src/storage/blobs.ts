// Content-addressed bytes: deployment packages and whatever else is too large for a row.

export interface Blobs {
  /** Stores `bytes` durably; resolves to their SHA-256 in lowercase hexadecimal. Storing the same bytes again is free. */
  put(bytes: Uint8Array): Promise<string>;
  /** The bytes of that hash; undefined when there are none. */
  get(sha256: string): Promise<Buffer | undefined>;
  delete(sha256: string): Promise<void>;
}
