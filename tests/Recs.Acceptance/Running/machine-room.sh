#!/usr/bin/env bash
# Two hosts in one machine: this namespace has the database server on 10.77.0.1, another one, behind a cable (veth), runs the leader.
# machine-room.sh FOLDER SERVER_PROGRAMS ACCOUNT LEADER...: says 'ready', then does what it is told line by line: 'leader' starts the leader over there, 'cut' pulls
# the cable's far end. It lives in a process namespace of its own, so that killing it ends everything in it.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"
folder=$1 programs=$2 account=$3
shift 3

as_account() { if [ -n "$account" ]; then setpriv --reuid="$account" --regid="$account" --init-groups -- "$@"; else "$@"; fi; }

ip link set lo up
unshare --net sleep infinity &
far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
over_there() { nsenter --target "$far" --net -- "$@"; }
ip link add near type veth peer name far netns "$far"
ip addr add 10.77.0.1/24 dev near && ip link set near up
over_there ip link set lo up
over_there ip addr add 10.77.0.2/24 dev far
over_there ip link set far up

mkdir "$folder/server"
[ -z "$account" ] || chown "$account" "$folder/server"
as_account "$programs/initdb" -D "$folder/server/data" -U recs -A trust -E UTF8 --locale=C --no-sync >"$folder/server.log"
echo 'host all all 10.77.0.0/24 trust' >>"$folder/server/data/pg_hba.conf"
as_account "$programs/pg_ctl" start -s -w -D "$folder/server/data" -l "$folder/server/log" \
  -o "-c fsync=off -c listen_addresses=10.77.0.1 -c unix_socket_directories='$folder/server'" </dev/null
echo ready

while read -r order; do
  case $order in
    leader) over_there "$@" >"$folder/leader.log" 2>&1 </dev/null & ;;
    cut) over_there ip link set far down ;;
  esac
  echo "$order done"
done
