#!/usr/bin/env bash
# Lints this folder with the tools that are there, and names those that are not. Exit 0: nothing found by those that ran.
#   lint.sh             takes what is installed
#   lint.sh --install   installs from Debian and npm what it can first (root; npm's packages go to LINT_PACKAGES, else ~/.cache/actors-lint)
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export LINT_PACKAGES=${LINT_PACKAGES:-${XDG_CACHE_HOME:-$HOME/.cache}/actors-lint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ "${1:-}" = --install ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends shellcheck yamllint prometheus docker-compose openssl nodejs > "$work/apt.log" 2>&1 || tail -n 2 "$work/apt.log"
    mkdir -p "$LINT_PACKAGES"
    [ -e "$LINT_PACKAGES/package.json" ] || echo '{"private":true}' > "$LINT_PACKAGES/package.json"
    npm install --prefix "$LINT_PACKAGES" --no-audit --no-fund --silent dockerfilelint@1.8.0 kubernetes-models@4.5.1 js-yaml@4 || echo "npm did not install its linters."
fi

faults=0 missing=()
has() { command -v "$1" > /dev/null || { missing+=("$1: $2"); return 1; }; }
# lint NAME COMMAND…: its output only where it finds something.
lint() {
    local name=$1
    shift
    if "$@" > "$work/out" 2>&1; then
        echo "well      $name"
    else
        faults=$((faults + 1))
        echo "FAULT     $name"
        sed 's/^/          /' "$work/out"
    fi
}

mapfile -t scripts < <(grep -rlE '^#!/usr/bin/env bash' --include='*.sh' --include='*.sbatch' --include=local-cluster . | sort)
for file in "${scripts[@]}"; do lint "bash -n $file" bash -n "$file"; done
has shellcheck "scripts are only parsed" && lint shellcheck shellcheck "${scripts[@]}"
has yamllint "the form of YAML files" && lint yamllint yamllint -c lint/yamllint.yml compose/compose.yaml compose/prometheus.yml prometheus kubernetes

# Never the true secrets: overlay and compose are rendered in a copy with made ones.
cp -r compose kubernetes container prometheus "$work/"
rm -rf "$work/compose/secrets" "$work/kubernetes/overlays/example/secrets"
"$work/compose/secrets.sh" > /dev/null
"$work/compose/secrets.sh" "$work/kubernetes/overlays/example/secrets" > /dev/null
compose() { docker compose -f "$work/compose/compose.yaml" --profile watch config -q 2>&1; }
if docker compose version > /dev/null 2>&1; then
    lint "docker compose config" compose
elif has docker-compose "compose.yaml against the compose schema"; then
    lint "docker-compose config" docker-compose -f "$work/compose/compose.yaml" config -q
fi

if has kubectl "the Kubernetes manifests" && has openssl "the overlay's certificates"; then
    "$work/kubernetes/overlays/example/certificates.sh" "$work/kubernetes/overlays/example/secrets" > "$work/openssl.log" 2>&1
    lint "kubectl kustomize" kubectl kustomize "$work/kubernetes/overlays/example" -o "$work/manifests.yaml"
    if has kubeconform "manifests against the API's schemas (the npm package kubernetes-models is asked instead)"; then
        lint kubeconform kubeconform -strict "$work/manifests.yaml"
    fi
    if has node "manifests against schemas" && [ -d "$LINT_PACKAGES/node_modules/kubernetes-models" ]; then
        models() { node lint/kubernetes.mjs < "$work/manifests.yaml"; }
        lint "kubernetes-models" models
    else
        missing+=("kubernetes-models (npm): manifests against schemas")
    fi
fi

if has hadolint "container files (the npm package dockerfilelint is asked instead)"; then
    lint hadolint hadolint container/*.Containerfile
fi
if [ -x "$LINT_PACKAGES/node_modules/.bin/dockerfilelint" ]; then
    lint dockerfilelint "$LINT_PACKAGES/node_modules/.bin/dockerfilelint" container/silo.Containerfile container/client.Containerfile
else
    missing+=("dockerfilelint (npm): container files")
fi

if has systemd-analyze "the systemd unit"; then
    # The program need not be installed to look at the unit.
    unit() { ! systemd-analyze verify "$PWD/systemd/actors-silo.service" 2>&1 | grep -v '/opt/actors/silo is not executable'; }
    lint "systemd-analyze verify" unit
    # The threshold is ten times the exposure level.
    lint "systemd-analyze security" systemd-analyze security --offline=true --threshold=20 "$PWD/systemd/actors-silo.service"
fi

if has promtool "scrape configuration and alert rules (Debian: prometheus)"; then
    lint "promtool check config" promtool check config --syntax-only prometheus/scrape.yml
    lint "promtool check config (compose)" promtool check config --syntax-only compose/prometheus.yml
    lint "promtool check rules" promtool check rules prometheus/alerts.yml
    lint "promtool test rules" promtool test rules prometheus/alerts-test.yml
fi

for name in "${missing[@]}"; do echo "not here  $name"; done
echo "$faults faults, ${#missing[@]} tools not here"
[ "$faults" = 0 ]
