"""Joins the platform with a debug adapter: one connection to each, for each debugger. Started by debugging.py."""

import socket
import sys
import threading
import time

_RETRY_SECONDS = 0.5


def offer(port, endpoint, token):
    """Asks the platform for a debugger and, once one is there, returns the connection and what it has sent already."""
    host, endpoint_port = endpoint.split(":")
    outward = socket.create_connection((host, int(endpoint_port)))
    request = "GET /_lambent/debug/offer?token=%s HTTP/1.1\r\nHost: lambent\r\n" % token
    outward.sendall((request + "Connection: Upgrade\r\nUpgrade: lambent-debug\r\n\r\n").encode())
    head = b""
    while b"\r\n\r\n" not in head:
        part = outward.recv(65536)
        if not part:
            raise ConnectionError("the platform closed the connection")
        head += part
    if not head.startswith(b"HTTP/1.1 101"):
        raise ConnectionError("the platform refused the connection")
    return outward, head.split(b"\r\n\r\n", 1)[1]


def join(outward, first, port):
    try:
        inward = socket.create_connection(("127.0.0.1", port))
        inward.sendall(first)
    except OSError:
        outward.close()
        return
    for source, sink in ((outward, inward), (inward, outward)):
        threading.Thread(target=pump, args=(source, sink), daemon=True).start()


def pump(source, sink):
    try:
        while True:
            part = source.recv(65536)
            if not part:
                break
            sink.sendall(part)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def main(port, endpoint, token):
    while True:
        try:
            outward, first = offer(port, endpoint, token)
        except OSError:
            time.sleep(_RETRY_SECONDS)
            continue
        join(outward, first, port)


main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
