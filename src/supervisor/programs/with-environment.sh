#!/bin/sh
# Becomes a program with the environment a file holds, and removes the file: with-environment.sh FILE PROGRAM [ARGUMENT...]
# So the values stand on no command line, where everybody on the host could read them.

file=$1
shift
# shellcheck source=/dev/null
. "$file" && rm -f "$file" && exec "$@"
