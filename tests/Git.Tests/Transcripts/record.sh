#!/bin/bash
# Records what the installed git upload-pack answers to typed requests: NAME.request and NAME.reply, or NAME.reply alone
# for what a server says first; and the oids by name in oids.txt. Run it in this folder; the diff is read like code.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 LC_ALL=C TZ=UTC
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_AUTHOR_DATE='2005-04-07T22:13:13 +0200'
export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org GIT_COMMITTER_DATE='2005-04-07T22:13:13 +0200'

git init -q --bare -b main "$work/r.git"
repo=$work/r.git
git -C "$repo" config uploadpack.allowFilter true
tree=$(git -C "$repo" mktree < <(printf '100644 blob %s\tf\n' "$(echo one | git -C "$repo" hash-object -w --stdin)"))
first=$(git -C "$repo" commit-tree -m first "$tree")
tree=$(git -C "$repo" mktree < <(printf '100644 blob %s\tf\n' "$(echo two | git -C "$repo" hash-object -w --stdin)"))
second=$(git -C "$repo" commit-tree -m second -p "$first" "$tree")
git -C "$repo" update-ref refs/heads/main "$second"
git -C "$repo" update-ref refs/pull/1/head "$first"
git -C "$repo" tag -a -m tag v1 "$first"
tag=$(git -C "$repo" rev-parse v1)
stranger=1111111111111111111111111111111111111111
printf 'first %s\nsecond %s\ntag %s\nstranger %s\n' "$first" "$second" "$tag" "$stranger" >oids.txt

pkt() { printf '%04x%s\n' $((${#1} + 5)) "$1"; }

serve() { # version, name: answers NAME.request
    GIT_PROTOCOL=version=$1 git upload-pack --stateless-rpc "$repo" <"$2.request" >"$2.reply" 2>/dev/null || true
}

fetch() { # name, then the lines behind the features
    name=$1
    shift
    { pkt command=fetch; printf 0001; for line in "$@"; do pkt "$line"; done; printf 0000; } >"$name.request"
    serve 2 "$name"
}

GIT_PROTOCOL=version=2 git upload-pack --http-backend-info-refs "$repo" >v2-advertisement.reply
GIT_PROTOCOL=version=1 git upload-pack --http-backend-info-refs "$repo" >v1-advertisement.reply
GIT_PROTOCOL=version=0 git upload-pack --http-backend-info-refs "$repo" >v0-advertisement.reply

{ pkt command=ls-refs; printf 0001; pkt peel; pkt symrefs; pkt 'ref-prefix HEAD'; pkt 'ref-prefix refs/heads/'; pkt 'ref-prefix refs/tags/'; printf 0000; } >v2-ls-refs.request
serve 2 v2-ls-refs
{ pkt command=ls-refs; printf 0001; pkt peel; pkt symrefs; printf 0000; } >v2-ls-refs-all.request
serve 2 v2-ls-refs-all

features=(thin-pack no-progress ofs-delta)
fetch v2-clone "${features[@]}" "want $second" done
fetch v2-update "${features[@]}" "want $second" "have $first"
fetch v2-stranger "${features[@]}" "want $second" "have $stranger"
fetch v2-tag-have "${features[@]}" "want $second" "have $tag"
fetch v2-shallow "${features[@]}" 'deepen 1' 'filter tree:0' "want $second" done
fetch v2-common "${features[@]}" wait-for-done "want $second" "have $first" "have $stranger" "have $tag"
fetch v2-not-our-ref "${features[@]}" "want $stranger" done

capabilities='multi_ack_detailed no-done side-band-64k thin-pack ofs-delta no-progress'
{ pkt "want $second $capabilities"; printf 0000; pkt done; } >v0-clone.request
serve 0 v0-clone
{ pkt "want $second $capabilities"; printf 0000; pkt "have $first"; printf 0000; } >v0-update.request
serve 0 v0-update
{ pkt "want $second $capabilities"; printf 0000; pkt "have $stranger"; printf 0000; } >v0-stranger.request
serve 0 v0-stranger
{ pkt "want $second $capabilities shallow filter"; pkt 'deepen 1'; pkt 'filter tree:0'; printf 0000; pkt done; } >v0-shallow.request
serve 0 v0-shallow
