#!/usr/bin/env bash
# Plays a whole task on this machine: from a message on the bus to a pushed branch and a verified webhook.
#
# The model is scripted (script.yaml), unless OPENROUTER_API_KEY, OPENAI_API_KEY or OLLAMA_BASE_URL is set.
# PROGRAMS is the folder of the executables: `make demo` builds them and gives it.
# Nothing runs any more when this ends, unless KEEP is 1: then the dashboard stays, with the model, for more tasks.
# The remote stays in .automata/demo/remote.git to look at.
set -euo pipefail
cd "$(dirname "$0")/../.."

demo=$PWD/.automata/demo
remote=$demo/remote.git
export AUTOMATA_STACK=$demo/stack
started=()

title() { printf '\n== %s\n' "$*"; }
fail() {
    printf '\ndemo: %s\n' "$*" >&2
    exit 1
}

clean_up() {
    local status=$? process
    trap - EXIT
    if ((status)) && compgen -G "$AUTOMATA_STACK/logs/*.log" >/dev/null; then
        title "the end of the logs" >&2
        tail -n 5 "$AUTOMATA_STACK"/logs/*.log >&2
    fi
    [[ -z ${programs:-} ]] || "$programs/automata" down --purge >/dev/null 2>&1 || true
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    wait
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts a program in the background and prints the address of its line "listening on ADDRESS" into `address`.
listen() {
    local log=$demo/$1.log process
    shift
    "$@" >"$log" 2>&1 </dev/null &
    process=$!
    started+=("$process")
    until address=$(sed -n 's/^listening on //p;T;q' "$log") && [[ -n $address ]]; do
        kill -0 "$process" 2>/dev/null || fail "$1 ended: $(cat "$log")"
        sleep 0.05
    done
}

create_remote() {
    local identity=(-c user.name=Demo -c user.email=demo@example.invalid -c commit.gpgsign=false)
    git init --quiet --initial-branch=main "$demo/source"
    cp -R deploy/demo/repository/. "$demo/source/"
    git -C "$demo/source" add --all
    git -C "$demo/source" "${identity[@]}" commit --quiet -m "Merge intervals"
    git clone --quiet --bare "$demo/source" "$remote"
    rm -rf "$demo/source"
}

# What this started ends when the stack does.
keep_running() {
    local server
    server=$("$programs/automata" ps | awk '$1 == "nats-server" { print $2 }')
    trap - EXIT
    (
        tail --pid="$server" --follow /dev/null
        kill "${started[@]}"
    ) </dev/null >/dev/null 2>&1 &
}

choose_model() {
    if [[ -n ${OPENROUTER_API_KEY:-}${OPENAI_API_KEY:-}${OLLAMA_BASE_URL:-} ]]; then
        is_scripted=
        return
    fi
    is_scripted=yes
    listen model "$programs/automata-scripted-model" --script deploy/demo/script.yaml
    export MODEL_TYPE=compatible MODEL_NAME=scripted OPENAI_BASE_URL=$address/v1
    unset ANTHROPIC_API_KEY MODEL_FALLBACKS
}

check() { "$@" || fail "this should hold: $*"; }
tests="python3 -m unittest discover -s tests -t ."
the_tests() { $tests; }
in_remote() { git --git-dir "$remote" "$@"; }

check_branch() {
    branch=$(in_remote for-each-ref --format='%(refname:short)' refs/heads/feat)
    check test "$(wc -w <<<"$branch")" = 1
    check test "$(in_remote rev-list --count "main..$branch")" = 1
    [[ -z $is_scripted ]] || check test "$(in_remote diff --name-only "main..$branch")" = intervals/merging.py
    git clone --quiet --branch "$branch" "$remote" "$demo/clone"
    (cd "$demo/clone" && PYTHONDONTWRITEBYTECODE=1 the_tests) 2>&1 | tail -n 3 ||
        fail "the tests fail on the branch that was pushed"
}

programs=${PROGRAMS:?is the folder of the executables; make demo gives it}
check test -x "$programs/automata"
"$programs/automata" down --purge >/dev/null 2>&1 || true
rm -rf "$demo"
mkdir -p "$demo"
# Other accounts run Postgres and the sandbox's commands when root starts the demo: they have to get through.
chmod 711 .automata "$demo"

title "a repository whose tests fail"
create_remote
git clone --quiet "$remote" "$demo/before"
if (cd "$demo/before" && PYTHONDONTWRITEBYTECODE=1 the_tests) >"$demo/before.log" 2>&1; then
    fail "its tests should fail before the repair"
fi
grep -E '^(FAIL|FAILED)' "$demo/before.log"

title "starting a model, a webhook receiver, nats-server, Postgres and seven services"
choose_model
listen webhook "$programs/automata" webhooks listen
export WEBHOOK_URL=$address WEBHOOK_ALLOW_PRIVATE=true REPOSITORY_ALLOW_LOCAL=true REPOSITORY_ALLOW_PRIVATE=true
# Tasks of the dashboard are of the project local/default, which gets the repository.
up=$("$programs/automata" up "$remote")
echo "$up"
"$programs/automata" define project local/default --set "validation.commands=[\"$tests\"]" >/dev/null
"$programs/automata" ps

title "the task"
"$programs/automata" submit deploy/demo/task.yaml --remote "$remote" --watch

title "what is on the remote now"
check_branch
in_remote log --format='%h %an%n%n%w(0,4,4)%B' "main..$branch"
in_remote diff "main..$branch"

title "the webhook"
for _ in {1..200}; do grep --quiet '^verified ' "$demo/webhook.log" && break || sleep 0.05; done
grep '^verified .* workflow.completed ' "$demo/webhook.log" ||
    fail "within 10 s no webhook came that is as it should be: $(cat "$demo/webhook.log")"

title "done: $branch is on $remote"

if [[ ${KEEP:-} == 1 ]]; then
    keep_running
    title "the dashboard, for a browser; the address works once, within ten minutes"
    sed -n 's/^dashboard *\([^ ]*\).*/\1/p' <<<"$up"
    echo "This ends it: AUTOMATA_STACK=$AUTOMATA_STACK $programs/automata down --purge"
fi
