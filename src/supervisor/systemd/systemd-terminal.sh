#!/usr/bin/env bash
# The main process of an agent's service: systemd-terminal.sh ENV_FILE WRAPPER ID LAUNCHER CWD
# A service has no terminal, and the agents want one: this gives them one, and its output to the journal.
# SIGINT, by which systemd asks, is typed into that terminal as Ctrl-C, as a person would ask.
# It needs bash: with job control what it starts in the background does not ignore SIGINT.

# The text of a shell command for `script`; its shell may be a plain one.
command_line() {
  local word
  printf 'stty rows 50 cols 200; %s exec /bin/sh' "$1"
  shift
  for word; do printf " '%s'" "${word//\'/\'\\\'\'}"; done
}

# Whether anything else lives in our cgroup; nothing does if it cannot be read.
has_company() {
  local group mount processes
  group=$(grep -m 1 -E '^[0-9]+:(name=systemd)?:.*[.]service' /proc/self/cgroup)
  group=${group#*:*:}
  for mount in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
    if [ -r "$mount$group/cgroup.procs" ] && mapfile -t processes <"$mount$group/cgroup.procs"; then
      [ "${#processes[@]}" -gt 1 ]
      return
    fi
  done
  return 1
}

main() {
  local env_file=$1 wrapper=$2 id=$3 launcher=$4 cwd=$5 asked='' child code shell
  cd -- "$cwd" || exit
  export MUSTER_RUN_ONCE=yes
  # `script` runs what $SHELL says; the agent gets back its own.
  shell='unset SHELL;'
  if [ -n "${SHELL+set}" ]; then shell="SHELL='${SHELL//\'/\'\\\'\'}'"; fi

  # A pipe that we hold open at both ends: the keyboard. Its end would be typed as Ctrl-D.
  exec 3<> <(:)
  set -m
  trap 'asked=yes; printf "\003" >&3' INT
  SHELL=/bin/sh script -c "$(command_line "$shell" "$launcher" "$env_file" "$wrapper" "$id")" -qef /dev/null <&3 3>&- &
  child=$!
  # Before KILL comes TERM for all: it is for the agent to end, and for us to outlive it.
  trap 'asked=yes' HUP TERM
  while true; do
    wait "$child"
    code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  # What the agent has left behind is killed by systemd when we end. If we were asked, it gets the time that is left, as the agent did.
  while [ -n "$asked" ] && has_company; do read -r -t 0.05 -u 3; done
  exit "$code"
}

main "$@"
