#!/bin/sh
# Starts one agent: launcher.sh ENV_FILE WRAPPER ID
# Reads the env file value by value (nothing in it is evaluated), runs the wrapper, and writes down how it ended.

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
    mkdir -p "$TEAMCTL_ROOT/state/muster/ends"
    end_file="$TEAMCTL_ROOT/state/muster/ends/${id%%:*}-${id#*:}"
  fi
  end_before=$(cat "$end_file" 2>/dev/null)

  # Keys typed into the pane must not end us before the wrapper; `:` and not '', which the wrapper would inherit.
  # A hang-up has to end us: only when the leader of a session dies does the kernel pass it on to the others.
  trap : INT QUIT
  "$wrapper" "$id"
  code=$?

  # Our wrapper knows better how the agent itself ended.
  if [ -n "$end_file" ] && [ "$(cat "$end_file" 2>/dev/null)" = "$end_before" ]; then
    printf '%s %s\n' "$code" "$(date +%s)" >"$end_file.$$" && mv -f "$end_file.$$" "$end_file"
  fi
  exit "$code"
}

main "$@"
