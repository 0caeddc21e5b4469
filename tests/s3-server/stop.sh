#!/usr/bin/env bash
# stop.sh FOLDER: ends the daemons that start.sh started in FOLDER, no others, and removes what it made there.
set -u
folder=$(cd "${1:?stop.sh FOLDER}" 2> /dev/null && pwd) || exit 0

for name in rgw osd mon; do
    pid=$(cat "$folder/run/$name.pid" 2> /dev/null) || continue
    # The number may be another process's by now: only one whose command line names the folder is ours. Nothing here is worth a slow farewell.
    if tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -qF "$folder/ceph.conf"; then
        kill -9 "$pid" 2> /dev/null
        for ((i = 0; i < 50; i++)); do kill -0 "$pid" 2> /dev/null && sleep 0.1 || break; done
    fi
done
cd /
rm -rf "$folder"/{mon,osd,run,log,keyring,monmap,ceph.conf,start.log}
rmdir "$folder" 2> /dev/null
exit 0
