#!/usr/bin/env bash
# Runs the tests that see the platform from outside, with clients that are not ours, in a virtual environment.
# PROGRAMS is the folder of the executables; PYTHON=python3 takes one that has the packages already, LITELLM a proxy that is
# installed. Arguments are those of unittest: -k readme runs some.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=Tests/EndToEnd/Outside
environment=.automata/outside

prepare() {
    [[ -x $environment/bin/python ]] || python3 -m venv "$environment"
    "$environment/bin/python" -c 'import nats, nkeys, openapi_spec_validator, psycopg, schemathesis, standardwebhooks' 2>/dev/null ||
        "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
}

if [[ -z ${PYTHON:-} ]]; then
    if ! prepare; then
        # Without a network there are no packages; any other failure is one.
        if curl --silent --fail --max-time 20 --output /dev/null https://pypi.org/simple/nats-py/; then exit 1; fi
        echo "SKIPPED: the outside tests need nats-py, psycopg and standardwebhooks, and pypi.org cannot be reached" >&2
        exit 0
    fi
    PYTHON=$environment/bin/python
fi
PROGRAMS=${PROGRAMS:?is the folder of the executables; make test-outside gives it} \
    PYTHONDONTWRITEBYTECODE=1 "$PYTHON" -m unittest discover --start-directory "$here" --verbose "$@"
