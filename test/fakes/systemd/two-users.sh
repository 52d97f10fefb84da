#!/bin/sh
# Two users that this host need not have, agents and muster, for as long as standard input is open: two-users.sh DIRECTORY
# Runs, as root, in a mount namespace made for it (unshare --mount), where the lists of users are others; says "ready PID".

set -eu
cd "$1"
cp /etc/passwd passwd
cp /etc/group group
for user in agents:31001 muster:31002; do
  name=${user%:*}
  id=${user#*:}
  echo "$name:x:$id:$id::$1/$name:/bin/sh" >>passwd
  mkdir -p "$name"
  chown "$id:$id" "$name"
done
echo 'agents:x:31001:muster' >>group
echo 'muster:x:31002:' >>group
mount --bind passwd /etc/passwd
mount --bind group /etc/group
echo "ready $$"
cat >/dev/null
