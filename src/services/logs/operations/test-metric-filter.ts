// TestMetricFilter: which of some messages a filter pattern matches, and what it extracts from them.
import { parseFilterPattern } from '../filter-pattern/index.ts';
import type { LogsOperation } from '../logs.ts';

export function testMetricFilter(): LogsOperation<'TestMetricFilter'> {
  return async (input) => {
    const pattern = parseFilterPattern(input.filterPattern!);
    const matches = [];
    for (const [index, eventMessage] of input.logEventMessages!.entries()) {
      const extractedValues = pattern.match(eventMessage);
      if (extractedValues !== undefined) matches.push({ eventNumber: index + 1, eventMessage, extractedValues });
    }
    return { matches };
  };
}
