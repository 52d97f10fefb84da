#!/bin/sh
# A systemd user manager of a test's own, with a journal, where systemd need not be process 1: systemd-manager.sh DIRECTORY
# Runs, as root, in a mount namespace made for it (unshare --mount), says "ready PID" when the manager takes orders, and ends
# with everything in it when its standard input ends, which it also does when the test is killed. For each line that it reads,
# everything is gone at once, as in a power cut, and the manager starts anew with what its user has enabled, on another boot.

set -eu
directory=$1
here=/sys/fs/cgroup

empty() {
  echo 1 >"$group/cgroup.kill"
  until grep -q 'populated 0' "$group/cgroup.events"; do sleep 0.02; done
  find "$group" -mindepth 1 -depth -type d -exec rmdir {} \;
}

end() {
  empty
  rmdir "$group"
  rm -rf "$directory"
}

# Whatever the host has there, version 1 included: in here it is version 2.
umount -R $here 2>/dev/null || true
mount -t cgroup2 cgroup2 $here
group=$here/muster-test-$$
mkdir "$group"
trap end EXIT
trap 'exit 1' HUP INT TERM

state() {
  XDG_RUNTIME_DIR="$directory/run" systemctl --user show --property=SystemState --value 2>/dev/null || true
}

# Starts the manager with a target, and waits for one of these states: begin TARGET STATE...
begin() {
  # In a cgroup namespace of its own the manager stands where it would stand on a booted machine; the journal reads unit names off that.
  (
    echo 0 >"$group/cgroup.procs"
    exec unshare --mount --cgroup sh -c '
      set -eu
      directory=$1
      target=$2
      umount /sys/fs/cgroup
      mount -t cgroup2 cgroup2 /sys/fs/cgroup
      own=/sys/fs/cgroup/user.slice/user-$(id -u).slice/user@$(id -u).service
      mkdir -p "$own" /sys/fs/cgroup/system.slice/systemd-journald.service /run/systemd /run/log
      mount -t tmpfs tmpfs /run/systemd
      mount -t tmpfs tmpfs /run/log
      if [ -d /var/log/journal ]; then mount -t tmpfs tmpfs /var/log/journal; fi
      mkdir -p /run/systemd/system /run/systemd/journal
      if [ ! -s /etc/machine-id ]; then
        tr -d - </proc/sys/kernel/random/uuid >/run/systemd/machine-id
        [ -e /etc/machine-id ] || : >/etc/machine-id
        mount --bind /run/systemd/machine-id /etc/machine-id
      fi
      (
        echo 0 >/sys/fs/cgroup/system.slice/systemd-journald.service/cgroup.procs
        exec /lib/systemd/systemd-journald
      ) &
      until [ -S /run/systemd/journal/stdout ]; do sleep 0.02; done
      if [ -e "$directory/boot" ]; then mount --bind "$directory/boot" /proc/sys/kernel/random/boot_id; fi
      echo 0 >"$own/cgroup.procs"
      echo $$ >"$directory/manager"
      cd /
      exec env -i PATH=/usr/local/bin:/usr/bin:/bin HOME="$directory/home" LANG=C.UTF-8 \
        XDG_RUNTIME_DIR="$directory/run" /lib/systemd/systemd --user --unit="$target" --log-target=journal
    ' sh "$directory" "$1"
  ) </dev/null >"$directory/log" 2>&1 &

  tries=0
  until [ -s "$directory/manager" ] && case " $* " in *" $(state) "*) ;; *) false ;; esac do
    tries=$((tries + 1))
    if [ "$tries" -gt 500 ]; then
      cat "$directory/log"
      exit 1
    fi
    sleep 0.02
  done
  echo "ready $(cat "$directory/manager")"
}

begin basic.target running degraded
while read -r _; do
  empty
  find "$directory/run" -mindepth 1 -delete
  rm "$directory/manager"
  cat /proc/sys/kernel/random/uuid >"$directory/boot"
  begin default.target starting running degraded
done
