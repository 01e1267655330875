#!/usr/bin/env bash
# Installs the system packages that are missing, on Debian 12 and Ubuntu 24.04 or later. Says nothing if all is there.
# It neither starts nor enables a service of the system: Automata runs its own nats-server and PostgreSQL.
set -euo pipefail

# With --browser also Chromium, for the tests of pages. More packages than these may be named as arguments.
browser=()
if [[ ${1:-} == --browser ]]; then
    shift
    # Ubuntu has it as a snap alone, which needs a daemon: there these tests are left out.
    [[ $(. /etc/os-release 2>/dev/null && echo "${ID:-}") == ubuntu ]] || browser=(chromium)
fi

packages=(
    # to build
    make pkg-config libnats-dev libpq-dev libcurl4-openssl-dev libgit2-dev zlib1g-dev
    # to run
    nats-server postgresql git openssh-client bubblewrap ripgrep ca-certificates util-linux
    # to test
    openssh-server openssl curl pgbouncer python3 python3-venv
    "${browser[@]}" "$@"
)
# Services that these packages would enable, by package.
declare -A services=(
    [nats-server]="nats-server.service" [postgresql]="postgresql.service" [openssh-server]="ssh.service ssh.socket"
    [pgbouncer]="pgbouncer.service"
)

say() { echo "install-dependencies: $*" >&2; }
fail() { say "$*"; exit 1; }

as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "this needs root and there is no sudo. As root, run: apt-get install ${missing[*]}"
    fi
}

check_swift() {
    command -v swift >/dev/null || fail "Swift is missing. Install 6.2 or later: https://www.swift.org/install/linux/"
    local found
    found=$(swift --version 2>/dev/null) || true
    [[ $found =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || fail "swift --version does not say which version it is"
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
    ((major > 6 || (major == 6 && minor >= 2))) ||
        fail "Swift $major.$minor is too old. Install 6.2 or later: https://www.swift.org/install/linux/"
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# Packages that the archive does not have, after its lists were read anew.
check_available() {
    local package absent=()
    for package in "${missing[@]}"; do
        [[ $(LC_ALL=C apt-cache policy "$package") == *'Candidate: '[!\(]* ]] || absent+=("$package")
    done
    [[ ${#absent[@]} -eq 0 ]] && return
    fail "your release does not offer: ${absent[*]}." \
        "Debian 12 has them in main, Ubuntu 24.04 or later in universe (add-apt-repository universe)."
}

# While packages are installed, a policy forbids their scripts to start services, and a setting forbids PostgreSQL's to
# create a database cluster. Both are gone afterwards, whatever happens.
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/automata.conf
added=()

forbid_services() {
    trap allow_services EXIT
    if [[ ! -e $policy ]]; then
        added+=("$policy")
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    if ! is_installed postgresql; then
        added+=("$cluster")
        as_root mkdir -p "${cluster%/*}"
        echo 'create_main_cluster = false' | as_root tee "$cluster" >/dev/null
    fi
}

allow_services() {
    [[ ${#added[@]} -eq 0 ]] || as_root rm -f "${added[@]}"
}

disable_services() {
    local package unit
    command -v systemctl >/dev/null || return 0
    for package in "${missing[@]}"; do
        for unit in ${services[$package]:-}; do
            # Not every release has every unit.
            as_root systemctl --quiet --root=/ disable "$unit" 2>/dev/null || true
        done
    done
}

check_swift
command -v apt-get >/dev/null || fail "this is no Debian or Ubuntu. Install what these packages hold: ${packages[*]}"

missing=()
for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
[[ ${#missing[@]} -eq 0 ]] && exit 0

say "installing ${missing[*]}"
# Another installation may be under way, as on a machine that has just started.
apt_get=(env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet -o DPkg::Lock::Timeout=300)
as_root "${apt_get[@]}" update
check_available
forbid_services
as_root "${apt_get[@]}" install --yes --no-install-recommends "${missing[@]}"
disable_services
say "done"
