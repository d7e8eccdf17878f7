// Limits of CloudWatch, and the bounds that Lambent sets itself.

const minute = 60;
const hour = 3600;
const day = 24 * hour;

export const limits = {
  // API_PutMetricData.html
  dataPerPut: 1_000,
  valuesPerDatum: 150,
  dimensions: 30,
  dimensionNameLength: 255,
  dimensionValueLength: 1024,
  namespaceLength: 255,
  metricNameLength: 255,
  // CloudWatch_Embedded_Metric_Format_Specification.html
  metricsPerDirective: 100,
  valuesPerEmbeddedMetric: 100,
  /** Values are refused outside of -2^360 to 2^360. */
  largestValue: 2 ** 360,
  oldestDatumMs: 14 * day * 1000,
  newestDatumMs: 2 * hour * 1000,
  highResolutionMs: 3 * hour * 1000,
  // API_GetMetricStatistics.html
  datapointsPerStatistics: 1_440,
  // API_GetMetricData.html
  queriesPerRequest: 500,
  datapointsPerRequest: 100_800,
  // API_ListMetrics.html
  metricsPerPage: 500,
  listedForMs: 14 * day * 1000,
  recentlyActiveMs: 3 * hour * 1000,
  // using-search-expressions.html
  seriesPerSearch: 500,
  // cloudwatch-metrics-insights-limits.html
  metricsPerInsightsQuery: 10_000,
  // API_PutCompositeAlarm.html, alarm-combining.html
  ruleAlarms: 100,
  ruleElements: 500,
  compositesPerAlarm: 150,
  // API_PutMetricAlarm.html
  metricsPerAlarm: 10,
  // API_SetAlarmState.html
  stateReasonDataLength: 4_000,
  expressionsPerAlarm: 10,
  // API_TagResource.html
  tagsPerResource: 50,
  // API_DescribeAlarms.html, API_DescribeAlarmHistory.html
  alarmsPerPage: 50,
  historyItemsPerPage: 100,
  historyKeptMs: 30 * day * 1000,
  // API_ListDashboards.html
  dashboardsPerPage: 1_000,
} as const;

/** How long points of a resolution are kept before they are rolled up into the next; all in seconds. cloudwatch_concepts.html */
export const retention: readonly { resolution: number; keptFor: number; rolledUpInto: number | undefined }[] = [
  { resolution: 1, keptFor: 3 * hour, rolledUpInto: minute },
  { resolution: minute, keptFor: 15 * day, rolledUpInto: 5 * minute },
  { resolution: 5 * minute, keptFor: 63 * day, rolledUpInto: hour },
  { resolution: hour, keptFor: 455 * day, rolledUpInto: undefined },
];

/** Bounds of our own. */
export const bounds = {
  /** How deep the rule of a composite alarm may be nested. */
  ruleDepth: 100,
  /** Actions of alarms that are taken side by side. */
  actionsAtOnce: 20,
  slowestActionRetryMs: 60_000,
  /** How long after a transition an action is still tried. */
  actionRetryMs: 3_600_000,
  historySweepMs: 3_600_000,
  /** How long a measurement may wait in memory. */
  flushIntervalMs: 1_000,
  /** A flush that took long is followed by a pause so many times as long. */
  flushPauseFactor: 20,
  /** Series that one transaction stores. */
  seriesPerTransaction: 2_000,
  /** Points older than this are read before they are written: something else may have changed them. */
  recentSeconds: 600,
  /** A series that was silent for so long is forgotten by the sink; its next value looks it up again. */
  idleSeriesMs: 300_000,
  /** As long are Lambent's own remembered, whose totals Prometheus is told; a counter begins anew after it. */
  idleTotalMs: 2 * day * 1000,
  /** Different values of one period that are kept exactly; above it they are kept to within 1 %. */
  exactValues: 150,
  rollUpIntervalMs: 600_000,
  /** Points that one transaction rolls up or deletes. */
  rollUpPoints: 1_000,
} as const;
