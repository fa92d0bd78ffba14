#!/usr/bin/env bash
# The user's own servers for ops/up: two addresses are enough, and what is missing is named. Changes nothing on any server.
source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cp -r "$source_root/ops" "$root/ops"
source "$root/ops/lib/all.sh"
for part in url identities environment; do source "$root/ops/lib/$part.sh"; done
use_run "$root/run"
unset AMQP_URL AMQP_ADMIN_URL DATABASE_URL DATABASE_ADMIN_URL

passed=0 failed=0
equal() {
    if [[ $2 == "$3" ]]; then
        printf 'passed: %s\n' "$1"
        passed=$((passed + 1))
    else
        printf 'failed: %s: %s instead of %s\n' "$1" "$2" "$3"
        failed=$((failed + 1))
    fi
}

# refusal COMMAND...: the exit code and the words of a command that fails.
refusal() {
    local status=0 words
    words=$("$@" 2>&1) || status=$?
    printf '%d %s' "$status" "$words"
}

with() (
    local setting
    for setting in "$@"; do export "${setting?}"; done
    choose_servers
    printf '%s|%s|%s|%s' "${operator_amqp:-private}" "${admin_amqp:-}" "${operator_database:-}" "${admin_database:-}"
)

amqp=amqp://ann:p%40ss@mq.example/shop database='postgresql://owner:pw@db.example:5433/tokens?sslmode=require'
own_amqp=amqp://purser-operator:$(secret rabbitmq-purser-operator)@mq.example/shop
own_database="postgresql://purser_operator:$(secret postgres-purser_operator)@db.example:5433/tokens?sslmode=require"

equal 'without an address the servers are private' "$(with LANG=C)" 'private|||'
equal 'two addresses are enough' "$(with AMQP_URL="$amqp" DATABASE_URL="$database")" \
    "$own_amqp|http://ann:p%40ss@mq.example:15672/shop|$own_database|$database"
equal 'what is told is taken' "$(with AMQP_URL="$amqp" AMQP_ADMIN_URL=http://a:b@c:1 DATABASE_URL="$database" DATABASE_ADMIN_URL=postgresql://o@p/q)" \
    "$amqp|http://a:b@c:1|$database|postgresql://o@p/q"
equal 'one can be told alone' "$(with AMQP_URL="$amqp" AMQP_ADMIN_URL=http://a:b@c:1 DATABASE_URL="$database")" \
    "$amqp|http://a:b@c:1|$own_database|$database"
equal 'TLS stays' "$(management_url amqps://u:p@h)" https://u:p@h:15671
equal 'a moved port moves the interface' "$(management_url amqp://u:p@h:5673/%2F)" http://u:p@h:15673/%2F
equal 'a broker without a login is asked as guest' "$(management_url amqp://h)" http://guest:guest@h:15672
for missing in AMQP_URL DATABASE_URL; do
    given=AMQP_URL=$amqp
    [[ $missing == DATABASE_URL ]] || given=DATABASE_URL=$database
    said=$(refusal with "$given")
    equal "without $missing it is named" "${said%% *} ${said##*; }" "78 $missing is missing"
done
said=$(refusal with AMQP_URL=amqp://u:p@h:60000 DATABASE_URL="$database")
equal 'a port that tells nothing asks for the interface' "${said%% *} ${said#*error: }" \
    '78 AMQP_ADMIN_URL is missing: the port of AMQP_URL does not tell where the management interface is'

printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
