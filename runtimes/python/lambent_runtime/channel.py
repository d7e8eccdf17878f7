"""The function's end of the frame channel; the wire format is described in src/sandbox/frames.ts."""

import fcntl
import json
import os
import resource
import struct
import threading

ASSIGN = 1
INVOKE = 2
BOOTED = 16
READY = 17
INIT_ERROR = 18
RESPONSE = 19
ERROR = 20
LOG = 21

MAX_FRAME_BYTES = 64 * 1024 * 1024
# Payloads near the frame limit are refused here; AWS's own limit, which is far lower, is the platform's to keep.
MAX_PAYLOAD_BYTES = 32 * 1024 * 1024

_quote = json.encoder.encode_basestring
_start = struct.Struct(">IBH")
_response_too_large = {
    "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    "errorType": "Function.ResponseSizeTooLarge",
}


class Channel:
    """Reading and writing are plain blocking calls: between invocations there is nothing else to do here."""

    def __init__(self, fd):
        # Out of the way of code that opens and closes low descriptors, and not inherited by the function's children.
        self._fd = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100)
        os.close(fd)
        os.set_blocking(self._fd, True)
        self._buffer = b""
        # The function's threads may log while another record or the response is being written.
        self._lock = threading.Lock()
        self._forked = False
        os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self):
        # The lock may have been taken by a thread that the child does not have.
        self._lock = threading.Lock()
        self._forked = True

    def read_frame(self):
        """Returns the next frame as (type, body); ends the process when the platform has gone."""
        buffer = self._buffer
        while len(buffer) < 4:
            buffer += self._read(65536)
        length = int.from_bytes(buffer[:4], "big")
        if not 1 <= length <= MAX_FRAME_BYTES:
            raise ValueError("frame of %d bytes" % length)
        end = 4 + length
        if len(buffer) < end:
            parts = [buffer]
            missing = end - len(buffer)
            while missing > 0:
                part = self._read(min(missing, 1 << 20))
                parts.append(part)
                missing -= len(part)
            buffer = b"".join(parts)
        self._buffer = buffer[end:]
        return buffer[4], buffer[5:end]

    def _read(self, size):
        data = os.read(self._fd, size)
        if not data:
            os._exit(0)
        return data

    def _write(self, data):
        with self._lock:
            written = os.write(self._fd, data)
            if written < len(data):
                view = memoryview(data)
                while written < len(data):
                    written += os.write(self._fd, view[written:])

    def send(self, frame_type, body):
        self._write((1 + len(body)).to_bytes(4, "big") + bytes((frame_type,)) + body)

    def _send_parts(self, frame_type, head, payload):
        self._write(_start.pack(3 + len(head) + len(payload), frame_type, len(head)) + head + payload)

    def send_response(self, request_id, payload, content_type):
        """`payload` is bytes; `content_type` is None for JSON."""
        if len(payload) > MAX_PAYLOAD_BYTES:
            body = json.dumps(dict(_response_too_large, requestId=request_id, stackTrace=[])).encode()
            self.send_error(ERROR, request_id, _response_too_large, body, fatal=False)
            return
        extra = "" if content_type is None else ',"contentType":' + _quote(content_type)
        head = '{"requestId":%s,"maxRssKib":%d%s}' % (_quote(request_id), max_rss_kib(), extra)
        self._send_parts(RESPONSE, head.encode(), payload)

    def send_error(self, frame_type, request_id, error, body, fatal):
        """`error` is AWS's error object, and `body` the bytes of its JSON."""
        head = {"errorType": error["errorType"][:1024], "maxRssKib": max_rss_kib()}
        if request_id is not None:
            head["requestId"] = request_id
        if fatal:
            head["fatal"] = True
        self._send_parts(frame_type, json.dumps(head).encode(), body)

    def send_log(self, time_ms, data, unterminated=False):
        """Sends one record, without the line break that ends it in the log, unless it is `unterminated` there, too.

        In a child of the function's process it goes to stdout instead.
        """
        if self._forked:
            os.write(1, data + b"\n")
        else:
            head = b'{"time":%.3f,"unterminated":true}' if unterminated else b'{"time":%.3f}'
            self._send_parts(LOG, head % time_ms, data[:MAX_PAYLOAD_BYTES])


def split_head(body):
    """Splits a body of the `u16 length, JSON head, payload` kind."""
    end = 2 + int.from_bytes(body[:2], "big")
    return json.loads(body[2:end].decode()), body[end:]


def max_rss_kib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


