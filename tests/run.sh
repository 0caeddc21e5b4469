#!/usr/bin/env bash
# Restores, builds once and runs every test project. Works from any folder, needs no terminal. The last line is
#   N passed, N failed, N skipped
# and the exit code is 0 only when something ran and nothing failed. With names of test projects (run.sh Git.Tests Fuzz)
# it builds and runs only those.
set -u -o pipefail
exec < /dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_UI_LANGUAGE=en MSBUILDTERMINALLOGGER=off
export HOME="${HOME:-$(mktemp -d)}"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
trap 'kill $(jobs -p) 2> /dev/null; exit 130' INT TERM

# Ends before any test ran.
give_up() {
    echo "$1"
    echo "0 passed, 0 failed, 0 skipped"
    exit 1
}

# Daemons that packages bring are for the tests to start, not for the system.
install_packages() { DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "$@"; }

# need COMMAND PACKAGES WHY: installs Debian packages where the command is missing; the tests that need it skip otherwise.
need() {
    command -v "$1" > /dev/null && return
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
        echo "'$1' is missing and cannot be installed from here ($3): install '$2'."
    elif ! { install_packages $2 || { apt-get update -q && install_packages $2; }; } > "$results/apt.log" 2>&1; then
        echo "'$1' is missing ($3), and installing '$2' failed:"
        tail -n 3 "$results/apt.log"
    fi
}

need git git "it builds the fixtures and judges the results"
need radosgw "radosgw ceph-mon ceph-osd ceph-common curl" "it is the S3 service that blobs, packs and mirrors are tested against"
need git-lfs git-lfs "it is the client that fetches large files from mirrors"
need chromium chromium "it is the browser that looks at the dashboard"
# PATH does not name its programs on Debian.
[ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2> /dev/null)" ] || need initdb postgresql "the shared store's tests run against a server of their own"
# A library, no program.
[ -n "$(ls /usr/lib/*/libgit2.so.1.[56] /usr/lib64/libgit2.so.1.[56] 2> /dev/null)" ] || need libgit2 libgit2-1.5 "workspaces look with it for changes that would be lost"
need timeout coreutils "it ends a test project that hangs"
command -v dotnet > /dev/null || give_up "The .NET SDK is missing: $(grep -o '"version": *"[^"]*"' global.json) or later of the same line is needed (see README.md)."

# Everything but Grains, silo and their tests builds without Orleans.
solution=Actors.sln
if [ ! -d src/Grains ]; then
    echo "No project needs Orleans yet: Actors.sln and Embedded.slnf are the same, and all of it is tested."
    dotnet restore Actors.sln -v q > "$results/restore.log" 2>&1 || { grep -E 'error' "$results/restore.log" | sort -u | head -n 20; give_up "Restoring packages failed: nothing ran."; }
elif dotnet restore Actors.sln -v q > "$results/restore.log" 2>&1; then
    echo "Orleans' packages are there: all of Actors.sln is tested."
else
    solution=Embedded.slnf
    echo "Actors.sln does not restore here, so src/Grains, silo and tests/Grains.Tests were NOT built and their tests did NOT run:"
    grep -E 'error' "$results/restore.log" | sort -u | head -n 3
    dotnet restore Embedded.slnf -v q > "$results/restore.log" 2>&1 || { grep -E 'error' "$results/restore.log" | sort -u | head -n 20; give_up "Embedded.slnf does not restore either: nothing ran."; }
fi

projects=()
for file in tests/*/*.csproj; do
    grep -q '<IsTestProject>true' "$file" || continue
    name=$(basename "$file" .csproj)
    [ "$solution" = Embedded.slnf ] && [ "$name" = Grains.Tests ] && continue
    [ $# != 0 ] && [[ " $* " != *" $name "* ]] && continue
    projects+=("$name")
done

build() {
    echo "Building $1…"
    if ! dotnet build "$1" -c Release --no-restore -v q -nodeReuse:false > "$results/build.log" 2>&1; then
        grep -E '(error|warning) ' "$results/build.log" | sort -u | head -n 40
        give_up "The build failed: nothing ran."
    fi
}

if [ $# = 0 ]; then
    build "$solution"
else
    for name in "${projects[@]}"; do build "tests/$name"; done
fi

# Runs one project; its output goes to a file, its exit code to another.
run_project() {
    timeout --kill-after=10 1200 dotnet "tests/$1/bin/Release/net10.0/Actors.$1.dll" -noColor -noLogo > "$results/$1.log" 2>&1
    echo $? > "$results/$1.code"
}

# Two at a time where there are two cores: most of them wait for git.
at_once=$(( $(nproc 2> /dev/null || echo 1) > 1 ? 2 : 1 ))
for name in "${projects[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n; done
    run_project "$name" &
done
wait

# count FIELD PROJECT: a number of the summary, 0 where it says none.
count() {
    local number
    number=$(sed -n "s/^ .* $1: \([0-9][0-9]*\).*/\1/p" "$results/$2.log" | tail -n 1)
    echo "${number:-0}"
}

passed=0 failed=0 skipped=0
for name in "${projects[@]}"; do
    code=$(cat "$results/$name.code")
    left_out=$(count Skipped "$name")
    good=$(( $(count Total "$name") - $(count Failed "$name") - left_out - $(count 'Not Run' "$name") ))
    bad=$(( $(count Failed "$name") + $(count Errors "$name") ))
    seconds=$(sed -n 's/^ .* Total: .*Time: \(.*\)/\1/p' "$results/$name.log" | tail -n 1)
    if [ "$code" != 0 ] && [ "$bad" = 0 ]; then
        bad=1
        [ "$code" = 124 ] && echo "$name did not end within 20 minutes." || echo "$name ended with exit code $code and no result:"
        tail -n 30 "$results/$name.log"
    fi
    echo "$name: $good passed, $bad failed, $left_out skipped${seconds:+, $seconds}"
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left_out))
done

for name in "${projects[@]}"; do
    # A result begins with the test's name and [FAIL] or [SKIP], indented by four; what belongs to it is indented by six.
    awk '/^    [^ ].*\[FAIL\]$/ { print; on = 1; next } /^      / { if (on) print; next } { on = 0 }' "$results/$name.log"
done
if [ "$skipped" != 0 ]; then
    echo "Skipped:"
    for name in "${projects[@]}"; do
        awk '/^    [^ ].*\[SKIP\]$/ { sub(/ \[SKIP\]$/, ""); sub(/^ +/, "  "); test = $0; next } /^      / { if (test != "") { sub(/^ +/, ""); print test ": " $0 } test = ""; next } { test = "" }' "$results/$name.log"
    done
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
