#!/bin/sh
# Waits for the assignment and only then starts the interpreter, with the function's environment and through its wrapper
# script if it has one: launch.sh NODE PROGRAM ARGUMENTS...
# The frame channel (fd 3) stays open for it.
node=$1
shift
line=$(LD_LIBRARY_PATH= "$node" "$(dirname "$0")/await-assignment.mjs" "$@") || exit
exec 4<&-
eval "$line"
