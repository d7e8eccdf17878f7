// nodejs22.x and earlier: a handler may answer through its callback, through the context, or by a promise.

/** Runs the handler once; `host` is the invoker's side of it. */
export function invokeWithCallback(host, requestId, event, context) {
  let finished = false;
  let completed = false;
  let waitForEmptyEventLoop = true;

  const complete = (result) => {
    if (completed) {
      console.error(
        'Invocation has already been reported as done. Cannot call complete more than once per invocation.',
      );
      return;
    }
    completed = true;
    host.succeed(requestId, result);
  };
  const isGiven = (error) => error !== undefined && error !== null;
  /** Only the first answer counts; one that threw, e.g. because its result is not JSON, was none. */
  const first =
    (answer) =>
    (...args) => {
      if (finished) return;
      answer(...args);
      finished = true;
    };

  const callback = first((error, result) => {
    host.setOnEmptyLoop(null);
    if (isGiven(error)) host.fail(requestId, error);
    else if (!waitForEmptyEventLoop) complete(result);
    else host.setOnEmptyLoop(() => setImmediate(() => complete(result)));
  });
  const done = (error, result) => {
    host.setOnEmptyLoop(null);
    if (isGiven(error)) host.fail(requestId, error);
    else complete(result);
  };
  const answers = {
    get callbackWaitsForEmptyEventLoop() {
      return waitForEmptyEventLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitForEmptyEventLoop = value;
    },
    succeed: first((result) => done(null, result)),
    fail: first((error) => done(isGiven(error) ? error : 'handled', null)),
    done: first(done),
  };
  const { succeed, fail } = answers;

  host.setOnEmptyLoop(() => {
    completed = true;
    host.onNothingReturned(requestId);
  });
  try {
    const returned = host.handler(event, Object.assign(answers, context), callback);
    if (typeof returned?.then === 'function') returned.then(succeed, fail).catch(fail);
  } catch (error) {
    callback(error);
  }
}
