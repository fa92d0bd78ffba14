# A private PostgreSQL. Sourced; needs say, processes, ports, secrets, place.

# The folder of the newest installed server's programs.
postgres_programs() {
    local newest
    newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    [[ -x $newest/initdb ]] || fail 'no PostgreSQL server under /usr/lib/postgresql'
    printf '%s' "$newest"
}

# Passwords only, on the loopback address, without a socket file (the length of its path is limited, that of a clone's is not).
# The load is many small commits: they stay synchronous; checkpoints are spread and far apart, so that full-page writes are few.
postgres_settings() {
    cat <<END
listen_addresses = '127.0.0.1'
port = $(port postgres)
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = ${POSTGRES_CONNECTIONS:-100}
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 64MB
synchronous_commit = on
wal_compression = on
wal_buffers = 16MB
min_wal_size = 512MB
max_wal_size = 2GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
autovacuum_naptime = 15s
autovacuum_vacuum_cost_limit = 1000
random_page_cost = 1.1
jit = off
log_line_prefix = '%m [%p] %q%u@%d/%a '
log_lock_waits = on
timezone = 'UTC'
log_timezone = 'UTC'
END
}

make_postgres() {
    local folder=$1 account=$2 programs=$3 password_file
    private_folder "$folder" "$account"
    [[ ! -s $folder/data/PG_VERSION || ! -e $folder/complete ]] || return 0
    # Half a cluster, from an interrupted start, holds nothing of worth.
    rm -rf "$folder/data"
    password_file=$folder/password
    (umask 077 && secret postgres-superuser >"$password_file")
    ((EUID != 0)) || chown "$account:" "$password_file"
    as_account "$account" "$programs/initdb" --pgdata="$folder/data" --username=postgres --pwfile="$password_file" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums >"$run/log/initdb.log" 2>&1 ||
        fail "initdb failed, see $run/log/initdb.log"
    rm -f "$password_file"
    printf "include 'purser.conf'\n" >>"$folder/data/postgresql.conf"
    touch "$folder/complete"
}

start_postgres() {
    local folder account programs
    process_alive postgres && return 0
    folder=$(server_place)/postgres
    account=$(server_account postgres)
    programs=$(postgres_programs)
    make_postgres "$folder" "$account" "$programs"
    postgres_settings >"$folder/data/purser.conf"
    ((EUID != 0)) || chown "$account:" "$folder/data/purser.conf"
    clear_stale_lock "$folder/data"
    # A session of its own: Ctrl-C in the terminal reaches the script, which then stops things in order.
    (
        trap '' INT
        exec_as_account "$account" setsid "$programs/postgres" -D "$folder/data"
    ) >>"$run/log/postgres.log" 2>&1 </dev/null &
    remember_process postgres $!
    wait_until 60 postgres_settled && postgres_answers || fail "PostgreSQL did not start, see $run/log/postgres.log"
}

# Answers, or will not any more.
postgres_settled() { postgres_answers || ! process_alive postgres; }

# A killed server whose parent has not collected it yet (in a container, perhaps never) still has its process number, and the next
# server takes it for alive. Its lock goes when it is such a zombie and nobody works in the data folder any more.
clear_stale_lock() {
    local owner='' other deadline=$((SECONDS + 10))
    [[ -f $1/postmaster.pid ]] || return 0
    read -r owner <"$1/postmaster.pid" || true
    [[ -d /proc/$owner && -z $(start_time "$owner") ]] || return 0
    while ((SECONDS < deadline)); do
        other=$(find /proc -maxdepth 2 -name cwd -lname "$1" 2>/dev/null || true)
        if [[ -z $other ]]; then
            rm -f "$1/postmaster.pid"
            return 0
        fi
        sleep 0.2
    done
    fail "processes of a killed PostgreSQL still work in $1"
}

postgres_answers() {
    "$(postgres_programs)/pg_isready" --quiet --host=127.0.0.1 --port="$(port postgres)"
}

# "fast": open transactions are rolled back, everything is written, the next start needs no recovery.
stop_postgres() { stop_process postgres 30 INT; }

postgres_url() {
    printf 'postgresql://%s:%s@127.0.0.1:%s/%s' "$1" "$(secret "$2")" "$(port postgres)" "$3"
}
