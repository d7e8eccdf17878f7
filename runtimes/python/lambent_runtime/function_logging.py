"""What the function prints and logs, as AWS's runtime has it; every record travels as a frame, in order with the response."""

import atexit
import io
import json
import logging
import sys
import time
import traceback
from datetime import datetime, timezone

_state = {"request_id": None, "tenant_id": None}
_outputs = []
_sink = None
_json = False

# Leading spaces of a traceback become no-break spaces, which CloudWatch does not trim.
_indent = "\u00a0"

_unhandled = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. "
    "However, in rare cases, a Lambda runtime update can cause unexpected function behavior. "
    "For functions using managed runtimes, runtime updates can be triggered by a function change, "
    "or can be applied automatically. To determine if the runtime has been updated, check the runtime version "
    "in the INIT_START log entry. If this error correlates with a change in the runtime version, you may be able to "
    "mitigate this error by temporarily rolling back to the previous runtime version. "
    "For more information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html"
)


def set_up(channel, assignment):
    """Replaces sys.stdout and sys.stderr, and configures the root logger."""
    global _sink, _json
    _sink = LogSink(channel)
    _json = assignment["logFormat"] == "JSON"
    for name, fd in (("stdout", 1), ("stderr", 2)):
        raw = LineOutput(channel, fd)
        _outputs.append(raw)
        setattr(sys, name, io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True))
    atexit.register(flush)

    logging.Formatter.converter = time.gmtime
    handler = LambdaLoggerHandler(_sink)
    if _json:
        handler.setFormatter(JsonFormatter())
    else:
        text = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
        handler.setFormatter(logging.Formatter(text, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(LambdaLoggerFilter())
    root = logging.getLogger()
    level = (assignment.get("applicationLogLevel") or "").upper()
    level = "DEBUG" if level == "TRACE" else level
    if level in logging._nameToLevel:
        root.setLevel(level)
    root.addHandler(handler)


def set_invocation(request_id, tenant_id):
    _state["request_id"] = request_id
    _state["tenant_id"] = tenant_id


def flush():
    """Sends what was printed without a line break so far."""
    for output in _outputs:
        output.send_rest()


def warn_unhandled():
    logging.warning(_unhandled)


def log_error(error):
    """Logs the error object of a failed invocation or init."""
    if _json:
        record = dict({"timestamp": _timestamp(time.time()), "level": "ERROR"}, **error)
        _sink.log_error(json.dumps(record, ensure_ascii=False))
        return
    first = "[ERROR]"
    if error["errorType"]:
        first += " " + error["errorType"]
    if error["errorMessage"]:
        first += (":" if error["errorType"] else "") + " " + error["errorMessage"]
    lines = [first, "Traceback (most recent call last):"]
    for element in error["stackTrace"]:
        lines += [_indented(line) for line in element.splitlines()] or [""]
    _sink.log_error("\n".join(lines))


def _indented(line):
    text = line.lstrip(" ")
    return _indent * (len(line) - len(text)) + text


def _timestamp(seconds):
    return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class LogSink:
    def __init__(self, channel):
        self._channel = channel

    def log(self, msg, frame_type=None):
        text = msg[:-1] if msg.endswith("\n") else msg
        self._channel.send_log(time.time() * 1000, text.encode("utf-8", "backslashreplace"))

    def log_error(self, msg):
        """The error of an invocation or an init: the one record that AWS's runtime does not end with a line break."""
        self._channel.send_log(time.time() * 1000, msg.encode("utf-8", "backslashreplace"), unterminated=True)


class LineOutput(io.RawIOBase):
    """The byte stream below sys.stdout or sys.stderr: each line becomes one record."""

    def __init__(self, channel, fd):
        super().__init__()
        self._channel = channel
        self._fd = fd
        self._rest = b""

    def write(self, data):
        data = bytes(data)
        if b"\n" not in data:
            self._rest += data
            return len(data)
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        now = time.time() * 1000
        for line in lines:
            self._channel.send_log(now, line)
        return len(data)

    def send_rest(self):
        if self._rest:
            rest, self._rest = self._rest, b""
            self._channel.send_log(time.time() * 1000, rest)

    def writable(self):
        return True

    def fileno(self):
        return self._fd

    @property
    def name(self):
        return "<stdout>" if self._fd == 1 else "<stderr>"

    @property
    def mode(self):
        return "wb"


class LambdaLoggerHandler(logging.Handler):
    def __init__(self, log_sink):
        super().__init__()
        self.log_sink = log_sink

    def emit(self, record):
        self.log_sink.log(self.format(record))


class LambdaLoggerFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = _state["request_id"] or ""
        record.tenant_id = _state["tenant_id"]
        return True


_reserved = set(vars(logging.makeLogRecord({}))) - {"taskName"} | {"aws_request_id", "tenant_id", "_frame_type"}


class JsonFormatter(logging.Formatter):
    def format(self, record):
        level = min(50, max(0, record.levelno)) // 10 * 10
        failure = record.exc_info
        result = {
            "timestamp": _timestamp(record.created),
            "level": logging.getLevelName(level),
            "message": record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(failure[2]) if failure else None,
            "errorType": failure[0].__name__ if failure and failure[0] else None,
            "errorMessage": str(failure[1]) if failure else None,
            "requestId": record.aws_request_id,
            "location": "%s:%s:%s" % (record.pathname, record.funcName, record.lineno) if failure else None,
            "tenantId": record.tenant_id,
        }
        for key, value in vars(record).items():
            if key not in _reserved and key not in result:
                result[key] = value
        return json.dumps({key: value for key, value in result.items() if value is not None}, ensure_ascii=False) + "\n"
