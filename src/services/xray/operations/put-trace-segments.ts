// PutTraceSegments: takes segment documents, and tells which it did not take and why.
import type { XRay, XRayOperation } from '../xray.ts';

export function putTraceSegments({ sink }: XRay): XRayOperation<'PutTraceSegments'> {
  return async (input, { caller }) => {
    const refused = input.TraceSegmentDocuments!.map((document) => sink.put(caller, document));
    return { UnprocessedTraceSegments: refused.filter((each) => each !== undefined) };
  };
}
