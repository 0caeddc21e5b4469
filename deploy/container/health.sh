#!/usr/bin/env bash
# health.sh PORT live|ready: exit 0 when the silo of this machine answers 200. Needs bash only: the image has no curl.
set -u
port=${1:-8081} what=${2:-ready}
exec 3<> "/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET /health/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$what" >&3
IFS=' ' read -r -t 5 _ status _ <&3 || exit 1
[ "$status" = 200 ]
