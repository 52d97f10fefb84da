#!/bin/sh
# muster-wrapper v3
# Keeps one agent running: agent-wrapper.sh PROJECT:AGENT, with the agent's rendered environment.
# An agent that ends is started again, unless it was asked to stop (Ctrl-C, TERM or hang-up): after 5 seconds, and when it fails
# again and again after 10, 20, 40, ... up to 300; a life of 10 minutes or a clean exit leads back to 5.
# With MUSTER_RUN_ONCE set, something else keeps it running and it is started only once.
# How it ended is written to $TEAMCTL_ROOT/state/muster/ends/PROJECT-AGENT as "CODE SECONDS", and "CODE SECONDS SIGNAL" if it had been asked
# to stop by that signal.

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
  while [ "$tries" -lt 60 ]; do
    sleep 1
    tries=$((tries + 1))
    if tmux capture-pane -p -t "$TMUX_PANE" 2>/dev/null | grep -q 'Loading development channels'; then
      tmux send-keys -t "$TMUX_PANE" Enter
      return
    fi
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

run_claude() {
  set -- --dangerously-load-development-channels server:team
  if [ -n "${MCP_CONFIG:-}" ]; then set -- --mcp-config "$MCP_CONFIG" "$@"; fi
  if [ -n "${EFFORT:-}" ]; then set -- --effort "$EFFORT" "$@"; fi
  if [ -n "${MODEL:-}" ]; then set -- --model "$MODEL" "$@"; fi
  set -- --dangerously-skip-permissions "$@"
  if [ -n "${PERMISSION_MODE:-}" ]; then set -- --permission-mode "$PERMISSION_MODE" "$@"; fi
  if [ -f "${SYSTEM_PROMPT_PATH:-}" ]; then
    set -- "$@" --append-system-prompt "$(cat "$SYSTEM_PROMPT_PATH")"
  fi
  if [ -n "${TMUX_PANE:-}" ]; then
    confirm_channels &
    helper=$!
  fi
  watched claude "$@" -- "$prompt"
}

run_codex() {
  set -- "$prompt"
  if [ -f "${SYSTEM_PROMPT_PATH:-}" ]; then set -- --instructions "$SYSTEM_PROMPT_PATH" "$@"; fi
  if [ -n "${MCP_CONFIG:-}" ]; then set -- --mcp-config "$MCP_CONFIG" "$@"; fi
  if [ -n "${MODEL:-}" ]; then set -- --model "$MODEL" "$@"; fi
  watched codex "$@"
}

run_gemini() {
  set -- --yolo "$prompt"
  if [ -f "${SYSTEM_PROMPT_PATH:-}" ]; then set -- --system-instruction-file "$SYSTEM_PROMPT_PATH" "$@"; fi
  if [ -n "${MCP_CONFIG:-}" ]; then set -- --mcp-config "$MCP_CONFIG" "$@"; fi
  if [ -n "${MODEL:-}" ]; then set -- --model "$MODEL" "$@"; fi
  watched gemini "$@"
}

# A runtime of the team's own, runtimes/NAME.yaml: its `binary`, called as BINARY [--model MODEL] PROMPT.
run_declared() {
  set -- "$prompt"
  if [ -n "${MODEL:-}" ]; then set -- --model "$MODEL" "$@"; fi
  watched "$binary" "$@"
}

# No program is run for it: every start would wait for that.
read_binary() {
  binary=
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
  case $runtime in
    claude-code) run_claude ;;
    codex) run_codex ;;
    gemini) run_gemini ;;
    *) run_declared ;;
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
  if [ -z "$id" ]; then
    echo 'agent-wrapper: call me with PROJECT:AGENT, or set AGENT_ID' >&2
    exit 2
  fi
  runtime=${RUNTIME:-claude-code}
  prompt=${BOOTSTRAP_PROMPT:-You are $id. Read your mailbox with the team tools, answer what waits there, and go on with your role.}
  if [ -n "${CLAUDE_PROJECT_DIR:-}" ]; then cd "$CLAUDE_PROJECT_DIR" || log "cannot enter $CLAUDE_PROJECT_DIR"; fi

  once=${MUSTER_RUN_ONCE:-}
  unset MUSTER_RUN_ONCE
  asked=
  nap=
  trap 'ask INT' INT
  trap 'ask TERM' TERM
  trap 'ask HUP' HUP
  pause=5
  while [ -z "$asked" ]; do
    read_binary "$runtime"
    case $runtime in
      claude-code | codex | gemini) ;;
      *)
        if [ -z "$binary" ]; then
          log "unknown runtime $runtime: neither built in nor declared in runtimes/$runtime.yaml"
          if [ -n "$once" ]; then exit 2; fi
          rest 30
          continue
        fi
        ;;
    esac
    log "starting runtime=$runtime model=${MODEL:-default}"
    helper=
    begin
    run_once
    code=$?
    read_now
    record_end "$code"
    end_helper
    if [ -n "$asked" ]; then
      log "runtime exited ec=$code — asked to stop"
      break
    fi
    if [ -n "$once" ]; then
      log "runtime exited ec=$code"
      break
    fi
    if [ "$code" -eq 0 ] || [ $(($(date +%s) - began)) -ge 600 ]; then pause=5; fi
    log "runtime exited ec=$code — restarting in ${pause}s"
    rest "$pause"
    if [ "$code" -ne 0 ]; then pause=$((pause * 2)); fi
    if [ "$pause" -gt 300 ]; then pause=300; fi
  done
  exit "${code:-0}"
}

main "$@"
