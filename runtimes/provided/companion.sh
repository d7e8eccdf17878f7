#!/bin/sh
# Starts the program that starts the runtime and, once it is told of them, extensions beside it: companion.sh NODE COMMAND...
# The runtime's IPC channel goes by another name on the way, so that this Node.js does not take it for its own.
node=$1
shift
LAMBENT_RUNTIME_CHANNEL_FD=$NODE_CHANNEL_FD
LAMBENT_RUNTIME_LIBRARY_PATH=$LD_LIBRARY_PATH
export LAMBENT_RUNTIME_CHANNEL_FD LAMBENT_RUNTIME_LIBRARY_PATH
unset NODE_CHANNEL_FD LD_LIBRARY_PATH
exec "$node" --jitless --max-semi-space-size=1 --max-old-space-size=32 --disable-warning=ExperimentalWarning "$(dirname "$0")/companion.mjs" "$@"
