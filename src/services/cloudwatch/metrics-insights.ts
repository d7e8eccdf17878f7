// Metrics Insights: queries in place of expressions, which Lambent refuses by name.

/** True for a query in Metrics Insights' own language. */
export function isInsightsQuery(expression: string): boolean {
  return /^\s*SELECT\s/i.test(expression);
}
