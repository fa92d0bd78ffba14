#!/usr/bin/env bash
# Private servers for the tests that kill servers: the functions of ops/lib, one call each.
# usage: _servers.sh RUN start | postgres | rabbitmq | stop | pid NAME | rabbitmqctl ARGUMENT...
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/ops/lib/all.sh"
use_run "$1"
shift
broker_vhost=purser
name_broker() {
    broker_admin_base=http://127.0.0.1:$(port management)
    broker_admin_login=purser_owner:$(secret rabbitmq-owner)
}
case $1 in
    start)
        POSTGRES_CONNECTIONS=200 start_servers
        printf 'database=%s\n' "$(postgres_url postgres postgres-superuser postgres)"
        printf 'amqp=%s\n' "$(amqp_url purser_owner rabbitmq-owner)"
        printf 'admin=http://%s@127.0.0.1:%s\n' "$broker_admin_login" "$(port management)"
        ;;
    postgres) POSTGRES_CONNECTIONS=200 start_postgres ;;
    rabbitmq) name_broker && start_rabbitmq ;;
    stop-postgres) stop_postgres ;;
    stop-rabbitmq) stop_rabbitmq ;;
    pid) process_id "$2" ;;
    rabbitmqctl)
        mapfile -t environment < <(broker_environment "$(server_place)/rabbitmq")
        # Not the wrapper of the package, which takes another home and so another cookie.
        as_account "$(server_account rabbitmq)" "${environment[@]}" "/usr/lib/rabbitmq/bin/$@"
        ;;
    stop)
        stop_servers
        remove_place
        ;;
esac
