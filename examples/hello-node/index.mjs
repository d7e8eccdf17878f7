// Greets whoever the event names.
export const handler = async (event, context) => {
  const name = event.name ?? 'world';
  console.log('greeting', name);
  return { greeting: `Hello, ${name}!`, requestId: context.awsRequestId, memoryMib: Number(context.memoryLimitInMB) };
};
