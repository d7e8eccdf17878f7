// The context object that a handler receives.

/** Returns a function that makes the context of one invocation from its `InvokeHead`. */
export function createContextFactory(assignment) {
  const { functionName, functionVersion, logGroupName, logStreamName } = assignment;
  const memoryLimitInMB = String(assignment.memoryLimitInMb);

  return (head) => {
    const { deadlineMs } = head;
    return {
      clientContext: parse(head.clientContext, 'ClientContext'),
      identity: parse(head.cognitoIdentity, 'CognitoIdentity'),
      invokedFunctionArn: head.invokedFunctionArn,
      awsRequestId: head.requestId,
      tenantId: head.tenantId,
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
      functionVersion,
      functionName,
      memoryLimitInMB,
      logGroupName,
      logStreamName,
    };
  };
}

function parse(json, name) {
  if (!json) return undefined;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}
