#!/bin/sh
# The leading process of a launchd job: launchd-job.sh WRAPPER LAUNCHER ENV_FILE ID
# launchd starts a job again unless it exits with 0, so 0 is what it gets from an agent that was asked to stop, and from no other.

main() {
  asked=
  trap 'asked=yes' INT
  # Our own wrapper heeds it and leaves the starting again to launchd.
  export MUSTER_RUN_ONCE=yes
  /bin/sh "$2" "$3" "$1" "$4"
  code=$?
  if [ -n "$asked" ]; then exit 0; fi
  if [ "$code" -eq 0 ]; then exit 1; fi
  exit "$code"
}

main "$@"
