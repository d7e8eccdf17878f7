"""The errors that AWS's runtime reports by name, and the bodies of failed invocations."""

import os
import traceback


class Fault(Exception):
    """`trace` is a list of text lines, or None."""

    def __init__(self, exception_type, msg, trace=None):
        super().__init__(msg)
        self.exception_type = exception_type
        self.msg = msg
        self.trace = trace


def fault_result(fault, request_id=None):
    return _result(fault.msg, fault.exception_type, fault.trace, request_id)


def exception_result(exc_info, request_id=None):
    """The body for an exception of the function's own code; the runtime's own frames are left out of its trace."""
    exception_type, value, trace = exc_info
    entries = [(entry.filename, entry.lineno, entry.name, entry.line) for entry in traceback.extract_tb(trace)]
    for index, entry in enumerate(entries):
        if not _is_own(entry[0]):
            entries = entries[index:]
            break
    return _result(str(value), exception_type.__name__, traceback.format_list(entries), request_id)


def _is_own(filename):
    return filename.startswith(_own_dir)


# Of bootstrap.py, whose folder holds this package.
_own_dir = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/"


def _result(message, error_type, trace, request_id):
    return {
        "errorMessage": message or "",
        "errorType": error_type or "",
        "requestId": request_id or "",
        "stackTrace": trace or [],
    }
