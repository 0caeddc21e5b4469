#!/usr/bin/env bash
# certificates.sh FOLDER: an authority and one certificate that all silos show each other, for three years. Existing files are kept.
set -eu
mkdir -p "$1"
cd "$1"
[ -e silo.pem ] && exit 0
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1095 -subj /CN=actors-authority \
    -keyout authority.key -out authority.pem
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=silo.actors -keyout silo.key -out silo.csr
openssl x509 -req -in silo.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 1095 \
    -extfile <(printf 'subjectAltName=DNS:silo.actors\nextendedKeyUsage=serverAuth,clientAuth\n') -out silo.crt
cat silo.crt silo.key > silo.pem
chmod 400 authority.key silo.key silo.pem
rm silo.csr silo.crt
