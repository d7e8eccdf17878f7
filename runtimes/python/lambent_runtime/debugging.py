"""Lets a debugger attach to this process by debugpy, which the function's package or the interpreter brings."""

import os
import subprocess
import sys

_missing = (
    "Debugging takes debugpy, which neither the function's package nor its layers have: add it to requirements.txt, "
    "or install it with: pip install -t <folder> debugpy"
)


def start(debug):
    """`debug` is a DebugAssignment of src/execution/debugging. With `wait` it returns once a debugger has attached."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        import debugpy
    except ImportError:
        print(_missing, file=sys.stderr, flush=True)
        return
    try:
        _, port = debugpy.listen(("127.0.0.1", debug["port"]))
    except RuntimeError:
        # On a network that is shared another environment may have the port.
        _, port = debugpy.listen(("127.0.0.1", 0))
    # A process of its own: it goes on while all threads of this one stand at a breakpoint.
    relay = os.path.join(os.path.dirname(os.path.abspath(__file__)), "debug_relay.py")
    subprocess.Popen([sys.executable, "-I", relay, str(port), debug["endpoint"], debug["token"]], close_fds=True)
    if debug["wait"]:
        debugpy.wait_for_client()
