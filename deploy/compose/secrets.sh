#!/usr/bin/env bash
# secrets.sh [FOLDER]: makes the files with secrets that compose.yaml and the Kubernetes overlay name, by chance, once. Existing ones are kept.
set -eu
folder=${1:-$(dirname "${BASH_SOURCE[0]}")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

by_chance() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
# A container's user is not this one: the files can be read by all, the folder by its owner only.
keep() { [ -e "$1" ] || { cat > "$1.new" && chmod 444 "$1.new" && mv "$1.new" "$1"; }; }

by_chance | keep postgres_password
echo "*:*:*:actors:$(cat postgres_password)" | keep pgpass
printf actors | keep s3_user
by_chance | keep s3_password
printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$(cat s3_user)" "$(cat s3_password)" | keep s3_credentials
printf 'read %s # Prometheus and onlookers\nwrite %s # operators\n' "$(by_chance)" "$(by_chance)" | keep tokens
echo "Secrets are in $(pwd)."
