#!/usr/bin/env bash
# Builds the image from the executables in PROGRAMS and runs docker-compose.yml with podman, which needs no daemon.
#
# The base images are made here: Debian's by debootstrap, nats-server and Postgres from Debian's packages. They, the
# image and the containers live in a store of their own under .automata/containers; nothing else of podman is touched.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=${PROGRAMS:?is the folder of the executables; make test-containers gives it}
here=Tests/Containers
home=$PWD/.automata/containers

say() { echo "test-containers: $*" >&2; }
skip() { say "SKIPPED: $*"; exit 0; }
as_root() { if ((EUID)); then sudo "$@"; else "$@"; fi; }

# runc also runs where both versions of control groups are mounted; crun does not.
configure() {
    mkdir -p "$home"
    cat >"$home/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
events_logger = "file"
END
    cat >"$home/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$home/storage"
runroot = "$home/run"
END
    export CONTAINERS_CONF=$home/containers.conf CONTAINERS_STORAGE_CONF=$home/storage.conf
}

base_image() {
    podman image exists docker.io/library/debian:bookworm-slim && return
    say "making debian:bookworm-slim with debootstrap"
    as_root debootstrap --variant=minbase bookworm "$home/debian" >"$home/debootstrap.log"
    as_root tar -C "$home/debian" -c . | podman import --quiet - docker.io/library/debian:bookworm-slim >/dev/null
    as_root rm -rf "$home/debian"
}

# Debian's packages are fetched over the network of the host. NAME CONTEXT [ARGUMENTS]
build() { podman build --quiet --layers --format docker --network host --tag "$1" "${@:3}" "$2" >/dev/null; }

images() {
    base_image
    build docker.io/library/nats:2.11-alpine $here --file $here/nats.Containerfile
    build docker.io/library/postgres:15-alpine $here --file $here/postgres.Containerfile
    say "building the image from $programs"
    rm -rf "$home/programs"
    mkdir -p "$home/programs"
    find "$programs"/ -maxdepth 1 -type f -name 'automata*' -perm -u+x -exec cp {} "$home/programs/" ';'
    printf 'FROM scratch\nCOPY . /programs/\n' >"$home/programs.Containerfile"
    build automata-programs "$home/programs" --file "$home/programs.Containerfile"
    build automata . --file deploy/Dockerfile --build-arg PROGRAMS=localhost/automata-programs
}

clients() {
    [[ -x $home/python/bin/python ]] || python3 -m venv "$home/python"
    "$home/python/bin/pip" install --quiet --disable-pip-version-check --requirement $here/requirements.txt
}

deploy/install-dependencies.sh podman runc catatonit netavark aardvark-dns iptables debootstrap
configure
base_image
podman run --rm --network none docker.io/library/debian:bookworm-slim true 2>"$home/probe.log" ||
    skip "podman cannot run a container here: $(tail -n 1 "$home/probe.log")"
images
clients
PATH=$home/python/bin:$PATH PROGRAMS=$programs PYTHONPATH=Tests/EndToEnd/Outside PYTHONDONTWRITEBYTECODE=1 \
    "$home/python/bin/python" -m unittest discover --start-directory $here --verbose --failfast
