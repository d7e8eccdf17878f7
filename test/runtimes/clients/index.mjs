// A function over AWS's own client for Node.js.
export const handler = async (event, context) => {
  if (event.do === 'throw') throw new Error('no such luck');
  if (event.do === 'large') return 'x'.repeat(6_000_000);
  return { event, requestId: context.awsRequestId, left: context.getRemainingTimeInMillis() };
};
