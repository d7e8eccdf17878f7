"""Lambent's Python runtime: boots ahead of need, becomes one function, and serves its invocations over the frame channel.

The process starts before it is known which function it will serve, so what Python and the loader read only while starting
has come and gone: PYTHONPATH is applied to sys.path. For other PYTHON* variables (PYTHONOPTIMIZE, PYTHONWARNINGS, ...), for
LD_LIBRARY_PATH and LD_PRELOAD, and for a wrapper script, the platform starts a process for the function alone, which finds
its assignment in LAMBENT_ASSIGNMENT.
"""

import os
import sys
import time

from lambent_runtime import errors, function_logging, payloads, runtime_sdk, servers, warm_up
from lambent_runtime import channel as frames
from lambent_runtime import handler as handlers
from lambent_runtime.context import context_factory


def become(channel, assignment, sdk):
    """Turns this process into the function that `assignment` describes, and returns its handler; exits on failure.

    `sdk` holds the folder of the runtime's SDK, if it has one.
    """
    env = assignment["env"]
    os.environ.update(env)
    if "TZ" in env:
        time.tzset()
    task_root = assignment["taskRoot"]
    os.chdir(task_root)
    sys.path[:] = search_path(task_root, assignment.get("optRoot") or "/opt", env, sdk)
    for folder in sdk:
        runtime_sdk.await_when_needed(folder)
    payloads.set_up(env)
    function_logging.set_up(channel, assignment)
    if "debug" in assignment:
        from lambent_runtime import debugging

        debugging.start(assignment["debug"])

    try:
        return handlers.load(assignment["handler"])
    except errors.Fault as error:
        fault = errors.fault_result(error)
    except Exception:
        fault = errors.exception_result(sys.exc_info())
    function_logging.warn_unhandled()
    function_logging.log_error(fault)
    function_logging.flush()
    channel.send_error(frames.INIT_ERROR, None, fault, payloads.to_json(fault), fatal=True)
    # Not sys.exit: threads that the function has started already must not keep the process.
    os._exit(1)


def search_path(task_root, opt_root, env, sdk):
    """sys.path as AWS has it: the code, the layers, the SDK, site-packages, PYTHONPATH, then the interpreter's own."""
    version = "python%d.%d" % sys.version_info[:2]
    layers = [opt_root + "/python/lib/" + version + "/site-packages", opt_root + "/python"]
    own_dir = os.path.dirname(os.path.abspath(__file__))
    rest = [entry for entry in sys.path if entry not in ("", own_dir)]
    packages = [entry for entry in rest if entry.endswith("-packages")]
    asked = [entry for entry in env.get("PYTHONPATH", own_dir).split(":") if entry]
    ordered = [task_root] + layers + sdk + packages + asked + rest
    return list(dict.fromkeys(ordered))


def serve(channel, handler, assignment):
    create_context = context_factory(assignment)
    set_trace_id, clear_trace_id = os.environ.__setitem__, os.environ.pop
    while True:
        frame_type, body = channel.read_frame()
        if frame_type != frames.INVOKE:
            continue
        head, event_json = frames.split_head(body)
        request_id = head["requestId"]
        function_logging.set_invocation(request_id, head.get("tenantId"))
        if head.get("traceId"):
            set_trace_id("_X_AMZN_TRACE_ID", head["traceId"])
        else:
            clear_trace_id("_X_AMZN_TRACE_ID", None)

        fault = None
        try:
            context = create_context(head)
            event = payloads.parse_event(event_json)
            result, content_type = payloads.serialize(handler(event, context))
        except errors.Fault as error:
            fault = errors.fault_result(error, request_id)
        except Exception:
            fault = errors.exception_result(sys.exc_info(), request_id)
        if fault is not None:
            function_logging.log_error(fault)
        function_logging.flush()
        if fault is None:
            channel.send_response(request_id, result, content_type)
        else:
            channel.send_error(frames.ERROR, request_id, fault, payloads.to_json(fault), fatal=False)


def boot(channel):
    """Gets ready for any function, and returns the assignment of the one that it is to be."""
    servers.hand_over()
    os.environ.clear()
    warm_up.run()
    channel.send(frames.BOOTED, b"{}")
    frame_type, body = channel.read_frame()
    while frame_type != frames.ASSIGN:
        frame_type, body = channel.read_frame()
    return payloads.loads(body.decode())


def main():
    given = os.environ.pop("LAMBENT_ASSIGNMENT", None)
    sdk = sys.argv[1:]
    del sys.argv[1:]
    channel = frames.Channel(3)
    if given is None:
        assignment = boot(channel)
    else:
        assignment = dict(payloads.loads(given), env=dict(os.environ))
    handler = become(channel, assignment, sdk)
    function_logging.flush()
    channel.send(frames.READY, b'{"maxRssKib":%d}' % frames.max_rss_kib())
    serve(channel, handler, assignment)


# A child that multiprocessing spawns imports this file again, under another name.
if __name__ == "__main__":
    main()
