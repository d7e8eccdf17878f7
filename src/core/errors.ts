// Errors that a caller of an AWS operation must expect. Everything else that is thrown is a bug of ours.

export interface AwsErrorOptions {
  /** HTTP status of the answer. */
  status?: number;
  /** Further modelled members of the error shape, e.g. `{ Reason: 'CallerRateLimitExceeded' }`. */
  members?: Record<string, unknown>;
  /** Extra response headers, e.g. `Retry-After`. */
  headers?: Record<string, string>;
  cause?: unknown;
}

/**
 * An error as AWS returns it. Made in a service's `errors.ts`, encoded once by the protocol layer.
 * `code` is the shape name clients match on; `status` below 500 means the caller is at fault.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  readonly members: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }

  /** Who is at fault, in the words of AWS's JSON error bodies and of its XML `<Type>`. */
  get fault(): 'client' | 'server' {
    return this.status >= 500 ? 'server' : 'client';
  }
}
