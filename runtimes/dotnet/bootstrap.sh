#!/bin/sh
# Starts a .NET function: bootstrap.sh DOTNET. A handler without `::` names an executable assembly, which brings the runtime
# support itself; any other is a class library's, started with the dependencies that its own files name.
dotnet=$1
runtime=$(dirname "$0")
unset LAMBENT_ASSIGNMENT
case $_HANDLER in
*::*) ;;
*) exec "$dotnet" exec "$LAMBDA_TASK_ROOT/${_HANDLER%.dll}.dll" ;;
esac
name=${LAMBDA_DOTNET_MAIN_ASSEMBLY:-${_HANDLER%%::*}}
files=$LAMBDA_TASK_ROOT/${name%.dll}
exec "$dotnet" exec --depsfile "$files.deps.json" --runtimeconfig "$files.runtimeconfig.json" "$runtime/Lambent.dll"
