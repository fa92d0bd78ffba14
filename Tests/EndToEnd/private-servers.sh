#!/usr/bin/env bash
# The private servers of ops/up: they start in a folder with a space in its name, twice without a change, two sets side by side,
# again after they were killed, and they leave nothing behind.
source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
root="$scratch/a clone"
mkdir "$root"
# Servers that run as accounts of their own must be able to pass.
chmod 755 "$scratch"
cp -r "$source_root/ops" "$root/ops"
source "$root/ops/lib/all.sh"
source "$root/ops/lib/url.sh"

passed=0 failed=0
check() {
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then
        printf 'passed: %s\n' "$name"
        passed=$((passed + 1))
    else
        printf 'failed: %s\n' "$name"
        failed=$((failed + 1))
    fi
}

clean_up() {
    local folder
    for folder in "$root/one" "$root/two"; do
        [[ -d $folder ]] || continue
        use_run "$folder"
        stop_servers
        remove_place
    done
    rm -rf "$scratch"
}
trap clean_up EXIT

database() { postgres_url postgres postgres-superuser postgres; }
database_answers() { [[ $(sql "$(database)" <<<'SELECT 1') == 1 ]]; }
process_ids() { cat "$run"/pids/*; }
refuses_guest() { [[ $(curl --silent --output /dev/null --write-out '%{http_code}' --user guest:guest "$broker_admin_base/api/whoami") == 401 ]]; }
only_loopback() {
    local name
    for name in postgres amqp management prometheus distribution; do
        # 0100007F is 127.0.0.1 as the kernel prints it.
        awk -v port=":$(printf '%04X' "$(port "$name")")" \
            '$4 == "0A" && index($2, port) { seen = 1; if ($2 != "0100007F" port) other = 1 } END { exit !seen || other }' \
            /proc/net/tcp || return 1
        ! grep -q ":$(printf '%04X' "$(port "$name")") .* 0A " /proc/net/tcp6 || return 1
    done
}
secrets_are_private() { [[ -z $(find "$run/secrets" -type f -perm /077) && $(stat -c %a "$run/secrets") == 700 ]]; }

use_run "$root/one"
start_servers
check 'the database answers' database_answers
check 'the broker answers' broker_answers
check 'the broker knows no guest' refuses_guest
check 'everything listens on the loopback address only' only_loopback
check 'passwords are readable by their owner only' secrets_are_private

before=$(process_ids)
start_servers
check 'a second start changes nothing' test "$before" == "$(process_ids)"

sql "$(database)" <<<'CREATE TABLE kept (n int)'
kill -s KILL "$(process_id postgres)" "$(process_id rabbitmq)"
wait_until 10 eval '! process_alive postgres && ! process_alive rabbitmq'
start_servers
check 'after a kill the data is there' sql "$(database)" <<<'SELECT n FROM kept'
check 'after a kill the broker answers' broker_answers
first_ports=$(cat "$run/ports")

use_run "$root/two"
start_servers
check 'a second set answers' database_answers
check 'the sets have no port in common' test -z "$(sort <(cut -d= -f2 <<<"$first_ports") <(cut -d= -f2 "$run/ports") | uniq -d)"

places=("$(server_place)" "$(cat "$root/one/place")")
for folder in "$root/one" "$root/two"; do
    use_run "$folder"
    stop_servers
    remove_place
    check "no process of ${folder##*/} is left" test -z "$(ls "$run/pids")"
done
check 'no data is left' test ! -e "${places[0]}" -a ! -e "${places[1]}"

printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
