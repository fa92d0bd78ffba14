# The two private servers together. Sourced after the files that it names.

# use_run FOLDER: everything of a set-up lies under it: .run for ops/up, .run/test for ops/test.
use_run() {
    run=$1
    mkdir -p "$run/log"
    # Others may pass through to the servers' data, not look around.
    chmod 711 "$run"
}

broker_vhost=purser

start_servers() {
    local begun
    begun=$(milliseconds)
    if process_alive postgres || process_alive rabbitmq; then
        [[ -f $run/ports ]] || fail "servers of $run run, but $run/ports is gone: stop them by hand"
    else
        choose_ports
    fi
    broker_admin_base=http://127.0.0.1:$(port management)
    broker_admin_login=purser_owner:$(secret rabbitmq-owner)
    if process_alive postgres && process_alive rabbitmq; then
        note 'PostgreSQL and RabbitMQ run already'
        return 0
    fi
    note "${bold}==>${plain} starting a private PostgreSQL (port $(port postgres)) and RabbitMQ (port $(port amqp))"
    # Decided before the two start side by side: both need it.
    server_place >/dev/null
    # The broker takes seconds, the database less than one: side by side.
    start_postgres &
    local database=$!
    start_rabbitmq
    wait "$database" || fail 'the private PostgreSQL could not be started'
    printf '    %sdone%s in %s\n' "$green" "$plain" "$(seconds_since "$begun")"
}

stop_servers() {
    stop_rabbitmq
    stop_postgres
}
