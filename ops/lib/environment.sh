# Which servers are used, and the files that tell everybody: $run/env to source, $run/programs/<name>.env for each program.
# Sourced; needs url, postgres, rabbitmq.

# Servers that the caller names are used; without any, or with the very ones of our own $run/env, we start private ones.
choose_servers() {
    private_servers=yes
    if [[ -z ${AMQP_URL:-}${DATABASE_URL:-} ]] || own_environment; then
        return 0
    fi
    private_servers=''
    local name
    for name in AMQP_URL AMQP_ADMIN_URL DATABASE_URL DATABASE_ADMIN_URL; do
        [[ ${!name:-} ]] || fail "AMQP_URL, AMQP_ADMIN_URL, DATABASE_URL and DATABASE_ADMIN_URL name servers only together; $name is missing" 78
    done
    operator_amqp=$AMQP_URL admin_amqp=$AMQP_ADMIN_URL operator_database=$DATABASE_URL admin_database=$DATABASE_ADMIN_URL
    broker_vhost=$(percent_decoded "$(url_part "$AMQP_URL" path)")
    broker_vhost=${broker_vhost:-/}
    broker_admin_login=$(percent_decoded "$(url_part "$AMQP_ADMIN_URL" user):$(url_part "$AMQP_ADMIN_URL" password)")
    broker_admin_base=$(url_part "$AMQP_ADMIN_URL" scheme)://$(url_part "$AMQP_ADMIN_URL" host)
}

# Somebody who has sourced our own file and calls ops/up again means the private servers.
own_environment() {
    local line=''
    [[ -f $run/env ]] || return 1
    line=$(bash -c 'unset AMQP_URL DATABASE_URL; source "$1"; printf "%s %s" "$AMQP_URL" "$DATABASE_URL"' - "$run/env")
    [[ $line == "${AMQP_URL:-} ${DATABASE_URL:-}" && -f $run/ports ]]
}

name_private_servers() {
    operator_amqp=$(amqp_url purser-operator rabbitmq-purser-operator)
    admin_amqp=http://$broker_admin_login@127.0.0.1:$(port management)/$broker_vhost
    operator_database=$(postgres_url purser_operator postgres-purser_operator purser)
    admin_database=$(postgres_url purser_owner postgres-owner purser)
}

write_environment() {
    (
        umask 077
        {
            printf '# Written by ops/up: source this file to use the servers and programs of this clone.\n'
            printf 'export AMQP_URL=%q\nexport AMQP_ADMIN_URL=%q\n' "$operator_amqp" "$admin_amqp"
            printf 'export DATABASE_URL=%q\nexport DATABASE_ADMIN_URL=%q\n' "$operator_database" "$admin_database"
            printf 'case ":$PATH:" in *:%q:*) ;; *) export PATH=%q:$PATH ;; esac\n' "$root/.build/release" "$root/.build/release"
        } >"$run/env"
        write_program_environments
    )
}

# Each program sees its own two logins and nothing else. Its broker user has its name; its database role has underscores for hyphens.
write_program_environments() {
    local name role
    mkdir -p "$run/programs"
    while read -r name _; do
        [[ $name && $name != \#* ]] || continue
        role=${name//-/_}
        {
            printf 'AMQP_URL=%s\n' "$(url_with_login "$operator_amqp" "$name" "$(secret "rabbitmq-$name")")"
            printf 'DATABASE_URL=%s\n' "$(url_with_login "$operator_database" "$role" "$(secret "postgres-$role")")"
            printf 'LOG_LEVEL=%s\n' "${LOG_LEVEL:-info}"
        } >"$run/programs/$name.env"
    done <"$root/ops/programs.txt"
}
