#!/bin/sh
# Starts a program that cannot hand sockets over itself, such as a JVM: start.sh NODE PROGRAM ARGUMENTS...
# The frame channel (fd 3) stays open for it.
set -e
node=$1
shift
LD_LIBRARY_PATH= "$node" "$(dirname "$0")/hand-over.mjs"
unset NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE LAMBENT_RUNTIME_API_PORT LAMBENT_ENDPOINT_PORT
exec "$@" 4<&-
