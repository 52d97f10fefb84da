#!/bin/sh
# muster-wrapper v4
# Keeps one agent running: agent-wrapper.sh PROJECT:AGENT, with the agent's rendered environment.
# An agent that ends is started again, unless it was asked to stop (Ctrl-C, TERM or hang-up): after 5 seconds, and when it fails
# again and again after 10, 20, 40, ... up to 300; a life of 10 minutes or a clean exit leads back to 5.
# With MUSTER_RUN_ONCE set, something else keeps it running and it is started only once.
# How it ended is written to $TEAMCTL_ROOT/state/muster/ends/PROJECT-AGENT as "CODE SECONDS", with the signal's name if one asked it to stop.

log() {
  printf '[agent-wrapper %s] %s\n' "$id" "$*"
}

# Runs the program under teamctl's rate-limit watch where teamctl is installed; not if we were asked to stop on the way here.
watched() {
  if command -v teamctl >/dev/null 2>&1; then set -- teamctl --root "$TEAMCTL_ROOT" rl-watch "$id" -- "$@"; fi
  if [ -n "$asked" ]; then
    end_helper
    log 'not started: asked to stop'
    exit "${code:-0}"
  fi
  "$@"
}

# Claude Code asks once whether development channels may be loaded; nobody sits there to say yes.
confirm_channels() {
  tries=0
  while [ $((tries += 1)) -le 60 ]; do
    sleep 1
    if ! tmux capture-pane -p -t "$TMUX_PANE" 2>/dev/null | grep -q 'Loading development channels'; then continue; fi
    tmux send-keys -t "$TMUX_PANE" Enter
    return
  done
}

# It may have ended long ago, and its pid be somebody else's by now: ours has us for its parent.
end_helper() {
  if [ -z "$helper" ]; then return; fi
  if [ -r "/proc/$helper/stat" ]; then
    stat=
    read -r stat <"/proc/$helper/stat"
    stat=${stat##*) }
    parent=${stat#* }
    parent=${parent%% *}
  else
    parent=$(ps -o ppid= -p "$helper" 2>/dev/null | tr -d ' ')
  fi
  if [ "$parent" = "$$" ]; then kill "$helper" 2>/dev/null; fi
}

# Empty if the agent has no role prompt.
find_role() {
  role=${SYSTEM_PROMPT_PATH:-}
  if [ -z "$role" ] || { [ -f "$role" ] && [ -r "$role" ]; }; then return; fi
  log "no role prompt: $role is not a file that can be read"
  role=
}

# The variables that no argument of this runtime stands for.
only_in_environment() {
  if [ -n "$*" ]; then log "$runtime has no argument for: $*. These are only in its environment"; fi
}

run_claude() {
  set -- --dangerously-skip-permissions "$@"
  if [ -n "${PERMISSION_MODE:-}" ]; then set -- --permission-mode "$PERMISSION_MODE" "$@"; fi
  if [ -n "${EFFORT:-}" ]; then set -- "$@" --effort "$EFFORT"; fi
  if [ -n "${MCP_CONFIG:-}" ]; then set -- "$@" --mcp-config "$MCP_CONFIG"; fi
  set -- "$@" --dangerously-load-development-channels server:team
  if [ -n "$role" ]; then set -- "$@" --append-system-prompt "$(cat "$role")"; fi
  if [ -n "${TMUX_PANE:-}" ]; then confirm_channels & helper=$!; fi
  watched claude "$@" -- "$prompt"
}

# A file's text as a string of TOML, which allows no control characters but tab and line feed.
as_toml() {
  printf '"""\n%s"""' "$(LC_ALL=C tr -d '\000-\010\013-\037\177' <"$1" | LC_ALL=C sed 's/[\\"]/\\&/g')"
}

# Any -c also keeps the agent's work in this process: without one Codex hands it to a daemon that outlives the pane.
run_codex() {
  set -- "$@" -c check_for_update_on_startup=false
  if [ -n "$role" ]; then set -- "$@" -c "developer_instructions=$(as_toml "$role")"; fi
  arguments="${TEAMCTL_ROOT:-.}/state/muster/args/${id%%:*}-${id#*:}"
  if [ -f "$arguments" ]; then
    while IFS= read -r argument; do set -- "$@" "$argument"; done <"$arguments"
  elif [ -n "${MCP_CONFIG:-}" ]; then
    log "no MCP servers: $arguments is missing; '/team restart $id' writes it"
  fi
  only_in_environment ${EFFORT:+EFFORT} ${PERMISSION_MODE:+PERMISSION_MODE}
  watched codex "$@" "$prompt"
}

# Gemini CLI reads MCP servers from its own settings alone, and a role prompt, in place of its own, from a file its environment names.
run_gemini() {
  only_in_environment ${MCP_CONFIG:+MCP_CONFIG} ${EFFORT:+EFFORT} ${PERMISSION_MODE:+PERMISSION_MODE}
  set -- gemini "$@" --yolo "$prompt"
  if [ -n "$role" ]; then set -- env "GEMINI_SYSTEM_MD=$role" "$@"; fi
  watched "$@"
}

# A runtime of the team's own, runtimes/NAME.yaml: its `binary`.
run_declared() {
  only_in_environment ${role:+SYSTEM_PROMPT_PATH} ${MCP_CONFIG:+MCP_CONFIG} ${EFFORT:+EFFORT} ${PERMISSION_MODE:+PERMISSION_MODE}
  watched "$binary" "$@" "$prompt"
}

# No program is run for it: every start would wait for that.
read_binary() {
  binary=
  case $1 in claude-code | codex | gemini) binary=$1 && return ;; esac
  declaration="${TEAMCTL_ROOT:-.}/runtimes/$1.yaml"
  if [ ! -f "$declaration" ]; then return; fi
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in binary:*) ;; *) continue ;; esac
    line=${line#binary:}
    line=${line#"${line%%[![:space:]]*}"}
    case $line in
      \"*\"*) line=${line#\"} && line=${line%\"*} ;;
      \'*\'*) line=${line#\'} && line=${line%\'*} ;;
      *) line=${line%%[[:space:]]#*} && line=${line%"${line##*[![:space:]]}"} ;;
    esac
    binary=$line
    return
  done <"$declaration"
}

run_once() {
  find_role
  set -- ${MODEL:+--model "$MODEL"}
  case $runtime in
    claude-code) run_claude "$@" ;;
    codex) run_codex "$@" ;;
    gemini) run_gemini "$@" ;;
    *) run_declared "$@" ;;
  esac
}

# Whoever waits to hear of an end would wait for every program that is run here: nothing but the shell itself writes it down, and
# looks at the host's uptime for the seconds since the agent began.
read_uptime() {
  up=
  if [ -r /proc/uptime ]; then
    read -r up _ </proc/uptime
    up=${up%%.*}
  fi
}

begin() {
  began=$(date +%s)
  read_uptime
  began_up=$up
}

# Never later than it is, and at most two seconds earlier.
read_now() {
  read_uptime
  if [ -n "$up" ]; then now=$((began + up - began_up - 1)); else now=$(date +%s); fi
}

record_end() {
  if [ -z "${TEAMCTL_ROOT:-}" ]; then return; fi
  ends="$TEAMCTL_ROOT/state/muster/ends"
  if [ ! -d "$ends" ]; then mkdir -p "$ends"; fi
  printf '%s %s%s\n' "$1" "$now" "${asked:+ $asked}" >"$ends/${id%%:*}-${id#*:}"
}

ask() {
  asked=$1
  if [ -n "$nap" ]; then kill "$nap" 2>/dev/null; fi
}

# A signal ends the sleep at once: a shell that waits for a program in the foreground would see to it only afterwards.
rest() {
  sleep "$1" &
  nap=$!
  if [ -n "$asked" ]; then kill "$nap"; fi
  wait "$nap" 2>/dev/null
  nap=
}

main() {
  id=${1:-${AGENT_ID:-}}
  if [ -z "$id" ]; then echo 'agent-wrapper: call me with PROJECT:AGENT, or set AGENT_ID' >&2; exit 2; fi
  runtime=${RUNTIME:-claude-code}
  prompt=${BOOTSTRAP_PROMPT:-You are $id. Read your mailbox with the team tools, answer what waits there, and go on with your role.}
  if [ -n "${CLAUDE_PROJECT_DIR:-}" ]; then cd "$CLAUDE_PROJECT_DIR" || log "cannot enter $CLAUDE_PROJECT_DIR"; fi

  once=${MUSTER_RUN_ONCE:-}
  unset MUSTER_RUN_ONCE
  asked='' nap=''
  for signal in INT TERM HUP; do trap "ask $signal" "$signal"; done
  pause=5
  while [ -z "$asked" ]; do
    read_binary "$runtime"
    if [ -z "$binary" ]; then
      log "unknown runtime $runtime: neither built in nor declared in runtimes/$runtime.yaml"
      if [ -n "$once" ]; then exit 2; fi
      rest 30
      continue
    fi
    log "starting runtime=$runtime model=${MODEL:-default}"
    helper=
    begin
    run_once
    code=$?
    read_now
    record_end "$code"
    end_helper
    if [ -n "$asked" ]; then log "runtime exited ec=$code — asked to stop"; break; fi
    if [ -n "$once" ]; then log "runtime exited ec=$code"; break; fi
    if [ "$code" -eq 0 ] || [ $(($(date +%s) - began)) -ge 600 ]; then pause=5; fi
    log "runtime exited ec=$code — restarting in ${pause}s"
    rest "$pause"
    if [ "$code" -ne 0 ]; then pause=$((pause * 2)); fi
    if [ "$pause" -gt 300 ]; then pause=300; fi
  done
  exit "${code:-0}"
}

main "$@"
