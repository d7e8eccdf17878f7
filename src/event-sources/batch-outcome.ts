// What a function with ReportBatchItemFailures says of its batch.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting

/** The identifiers of what failed, each among `known`; `all` when the answer is none that can be understood. */
export function failedItems(payload: Uint8Array, known: ReadonlySet<string>): ReadonlySet<string> | 'all' {
  let response: unknown;
  try {
    response = payload.length === 0 ? null : JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return 'all';
  }
  const failed = new Set<string>();
  if (!response) return failed;
  if (typeof response !== 'object') return 'all';
  const failures = (response as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return failed;
  if (!Array.isArray(failures)) return 'all';
  for (const failure of failures) {
    const identifier = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof identifier !== 'string' || !known.has(identifier)) return 'all';
    failed.add(identifier);
  }
  return failed;
}
