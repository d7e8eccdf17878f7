"""Hands the platform listening sockets from inside the sandbox, in the format of Node's child_process IPC channel."""

import array
import json
import os
import socket


def hand_over():
    """Listens at both ports, gives the servers to the parent, and closes the channel."""
    channel = socket.socket(fileno=int(os.environ["NODE_CHANNEL_FD"]))
    channel.setblocking(True)
    _hand_over(channel, "runtimeApi", int(os.environ.get("LAMBENT_RUNTIME_API_PORT", "0")))
    _hand_over(channel, "endpoint", int(os.environ.get("LAMBENT_ENDPOINT_PORT", "0")))
    channel.close()


def _hand_over(channel, name, wanted_port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", wanted_port))
    server.listen(511)
    inner = {"server": name, "port": server.getsockname()[1]}
    message = {"cmd": "NODE_HANDLE", "type": "net.Server", "msg": inner}
    data = json.dumps(message).encode() + b"\n"
    handles = array.array("i", [server.fileno()])
    sent = channel.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handles)])
    if sent < len(data):
        channel.sendall(data[sent:])
    # Closing before the parent has taken the handle could lose it.
    answer = b""
    while b"NODE_HANDLE_ACK" not in answer or not answer.endswith(b"\n"):
        part = channel.recv(4096)
        if not part:
            raise ConnectionError("the platform closed the IPC channel")
        answer += part
    server.close()
