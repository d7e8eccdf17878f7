// Limits of CloudWatch Logs, and the bounds that Lambent sets itself.

export const limits = {
  // API_PutLogEvents.html and cloudwatch_limits_cwl.html
  batchBytes: 1_048_576,
  /** Added to every event's UTF-8 bytes wherever sizes are counted. */
  eventOverheadBytes: 26,
  eventBytes: 1_048_576,
  batchEvents: 10_000,
  batchSpanMs: 24 * 3_600_000,
  oldestEventMs: 14 * 24 * 3_600_000,
  newestEventMs: 2 * 3_600_000,
  // API_GetLogEvents.html, API_FilterLogEvents.html
  pageEvents: 10_000,
  pageBytes: 1_048_576,
  // API_CreateLogGroup.html
  nameLength: 512,
  // API_DescribeLogGroups.html, API_DescribeLogStreams.html
  describePage: 50,
  // API_PutRetentionPolicy.html
  retentionDays: [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ] as readonly number[],
  // API_TagResource.html
  tagsPerResource: 50,
  // cloudwatch_limits_cwl.html
  subscriptionFiltersPerGroup: 2,
  regexPerPattern: 2,
  // CloudWatchLogs_LiveTail.html, API_StartLiveTail.html
  liveTailSessionsPerAccount: 15,
  liveTailEventsPerUpdate: 500,
  liveTailUpdateMs: 1_000,
  liveTailSessionMs: 3 * 3_600_000,
  // SubscriptionFilters.html: deliveries are retried for up to 24 hours
  deliveryRetryMs: 24 * 3_600_000,
} as const;

/** Bounds of our own. */
export const bounds = {
  /** How long an appended record may wait in memory. */
  flushIntervalMs: 100,
  /** Unflushed UTF-16 units above which a flush starts at once. */
  flushAtLength: 8 << 20,
  /** Unflushed UTF-16 units above which further records are dropped, counted and reported: the disk cannot follow. */
  unflushedLength: 64 << 20,
  /** A stream that was silent for so long is forgotten by the sink; its next record looks it up again. */
  idleStreamMs: 60_000,
  /** A block never spans more than this, so a reader knows how far before a moment blocks that reach it may begin. */
  blockSpanMs: 600_000,
  blockEvents: 4_096,
  /** UTF-16 units of messages in one block. */
  blockLength: 1 << 20,
  /** JSON below this many bytes is stored as it is. */
  compressAboveBytes: 4_096,
  /** Blocks below both are worth merging. */
  smallBlockEvents: 1_024,
  smallBlockBytes: 64 << 10,
  /** A stream's blocks are merged when so many were added. */
  mergeAfterBlocks: 100,
  /** Streams whose added blocks are counted; above it, counting begins anew. */
  countedStreams: 100_000,
  mergeIntervalMs: 5_000,
  /** Blocks that one transaction of the retention sweep deletes. */
  sweepBlocks: 500,
  sweepIntervalMs: 300_000,
  /** Messages of one delivery to a subscription's destination, in UTF-16 units; a longer event goes alone. */
  deliveryLength: 128 << 10,
  deliveriesAtOnce: 16,
  /** The first retry comes after a second, each further one after twice as long, none after more than this. */
  slowestRetryMs: 300_000,
  /** Streams of a prefix that a search looks into one by one. */
  streamsLookedUp: 100,
  /** What one FilterLogEvents call searches before it answers with a token, as AWS answers with empty pages. */
  searchBytesPerCall: 32 << 20,
} as const;
