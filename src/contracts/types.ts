// The SDK's types as the server sees them: blobs are bytes, timestamps are Dates, event streams are AsyncIterables.

type Plain = string | number | boolean | bigint | symbol | null | undefined | Date;

/** True when T is the SDK's type of a blob, whose many forms are the client's business. */
type IsBlob<T> = [Extract<T, Uint8Array | { transformToByteArray: unknown } | { transformToString: unknown }>] extends [
  never,
]
  ? false
  : true;

/** An operation's input after decoding. */
export type InputOf<T> =
  IsBlob<T> extends true
    ? Uint8Array | Extract<T, undefined>
    : T extends Plain
      ? T
      : T extends AsyncIterable<infer Event>
        ? AsyncIterable<InputOf<Event>>
        : T extends readonly (infer Item)[]
          ? InputOf<Item>[]
          : T extends object
            ? { [K in keyof T]: InputOf<T[K]> }
            : T;

/** A value inside an output. A streaming blob may be given as a stream of chunks, or at once. */
type OutputValueOf<T> =
  IsBlob<T> extends true
    ?
        | Uint8Array
        | Extract<T, undefined>
        | (Extract<T, { transformToWebStream: unknown }> extends never ? never : AsyncIterable<Uint8Array>)
    : T extends Plain
      ? T
      : T extends AsyncIterable<infer Event>
        ? AsyncIterable<OutputValueOf<Event>>
        : T extends readonly (infer Item)[]
          ? OutputValueOf<Item>[]
          : T extends object
            ? { [K in keyof T]: OutputValueOf<T[K]> }
            : T;

/** An operation's output before encoding. */
export type OutputOf<T> = { [K in keyof T as K extends '$metadata' ? never : K]: OutputValueOf<T[K]> };
