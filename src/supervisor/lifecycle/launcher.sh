#!/bin/sh
# Starts one agent: launcher.sh ENV_FILE WRAPPER ID
# Reads the env file value by value (nothing in it is evaluated), runs the wrapper, and writes down how it ended.

# The seconds since the host was booted, without running a program.
read_uptime() {
  up=
  if [ -r /proc/uptime ]; then
    read -r up _ </proc/uptime
    up=${up%%.*}
  fi
}

read_end() {
  end=
  if [ -f "$end_file" ] && [ -r "$end_file" ]; then IFS= read -r end <"$end_file"; fi
}

main() {
  env_file=$1
  wrapper=$2
  id=$3
  if [ ! -r "$env_file" ]; then
    echo "launcher: cannot read $env_file" >&2
    exit 2
  fi
  while IFS= read -r line || [ -n "$line" ]; do
    case ${line%%=*} in
      "$line" | '' | [0-9]* | *[!A-Za-z0-9_]*) ;;
      *) export "$line" ;;
    esac
  done <"$env_file"

  end_file=
  if [ -n "${TEAMCTL_ROOT:-}" ]; then
    ends="$TEAMCTL_ROOT/state/muster/ends"
    if [ ! -d "$ends" ]; then mkdir -p "$ends"; fi
    end_file="$ends/${id%%:*}-${id#*:}"
  fi
  read_end
  end_before=$end
  began=$(date +%s)
  read_uptime
  began_up=$up

  # Keys typed into the pane must not end us before the wrapper; `:` and not '', which the wrapper would inherit.
  # A hang-up has to end us: only when the leader of a session dies does the kernel pass it on to the others.
  trap : INT QUIT
  "$wrapper" "$id"
  code=$?

  # Our wrapper knows better how the agent itself ended. As there, no program is run, and the time is never later than it is.
  read_end
  if [ -e "$end_file" ] && [ ! -f "$end_file" ]; then end_file=; fi
  if [ -n "$end_file" ] && [ "$end" = "$end_before" ]; then
    read_uptime
    if [ -n "$up" ]; then now=$((began + up - began_up - 1)); else now=$(date +%s); fi
    printf '%s %s\n' "$code" "$now" >"$end_file"
  fi
  exit "$code"
}

main "$@"
