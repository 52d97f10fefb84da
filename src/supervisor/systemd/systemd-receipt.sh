#!/bin/sh
# systemd's ExecStopPost: systemd-receipt.sh ROOT PROJECT AGENT
# Writes down how a life of the agent ended, also when nobody was left alive to do so: state/muster/receipts/PROJECT.AGENT,
# "RESULT EXIT_CODE EXIT_STATUS INVOCATION SECONDS". A main process that was killed could not write its own end: we do.

main() {
  now=$(date +%s)
  receipts="$1/state/muster/receipts"
  put "$receipts" "$2.$3" "$SERVICE_RESULT $EXIT_CODE $EXIT_STATUS $INVOCATION_ID $now"
  case $EXIT_CODE in
    killed | dumped) put "$1/state/muster/ends" "$2-$3" "$((128 + $(number "$EXIT_STATUS"))) $now" ;;
  esac
}

# Not every `kill -l` takes a name.
number() {
  case $1 in
    HUP) echo 1 ;;
    INT) echo 2 ;;
    ABRT) echo 6 ;;
    SEGV) echo 11 ;;
    TERM) echo 15 ;;
    *) echo 9 ;;
  esac
}

put() {
  mkdir -p "$1" && printf '%s\n' "$3" >"$1/$2.$$" && mv -f "$1/$2.$$" "$1/$2"
}

main "$@"
