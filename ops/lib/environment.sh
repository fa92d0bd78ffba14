# Which servers are used, and the files that tell everybody: $run/env to source, $run/programs/<name>.env for each program.
# Sourced; needs url, postgres, rabbitmq.

# Servers that the caller names are used; without any, or with the very ones of our own $run/env, we start private ones.
choose_servers() {
    private_servers=yes given_amqp='' given_database=''
    if [[ -z ${AMQP_URL:-}${DATABASE_URL:-} ]] || own_environment; then
        return 0
    fi
    private_servers=''
    local name
    for name in AMQP_URL DATABASE_URL; do
        [[ ${!name:-} ]] || fail "AMQP_URL and DATABASE_URL name servers only together; $name is missing" 78
    done
    given_amqp=$AMQP_URL given_database=$DATABASE_URL
    choose_database
    choose_broker
}

# Who migrates is not who works: with DATABASE_URL alone its login sets everything up, and the operator gets one of his own.
choose_database() {
    admin_database=${DATABASE_ADMIN_URL:-$DATABASE_URL} operator_database=$DATABASE_URL
    [[ ${DATABASE_ADMIN_URL:-} ]] ||
        operator_database=$(url_with_login "$DATABASE_URL" purser_operator "$(secret postgres-purser_operator)")
}

# Likewise the broker's login.
choose_broker() {
    admin_amqp=${AMQP_ADMIN_URL:-} operator_amqp=$AMQP_URL
    if [[ ! $admin_amqp ]]; then
        admin_amqp=$(management_url "$AMQP_URL") ||
            fail 'AMQP_ADMIN_URL is missing: the port of AMQP_URL does not tell where the management interface is' 78
        operator_amqp=$(url_with_login "$AMQP_URL" purser-operator "$(secret rabbitmq-purser-operator)")
    fi
    broker_vhost=$(percent_decoded "$(url_part "$AMQP_URL" path)")
    broker_vhost=${broker_vhost:-/}
    broker_admin_login=$(percent_decoded "$(url_part "$admin_amqp" user):$(url_part "$admin_amqp" password)")
    broker_admin_base=$(url_part "$admin_amqp" scheme)://$(url_part "$admin_amqp" host)
}

# management_url AMQP_URL: the management interface listens 10,000 ports above the broker's own unless somebody has moved it: 15672
# above 5672, 15671 above 5671.
management_url() {
    local scheme=http host port=5672 user password path
    [[ $(url_part "$1" scheme) != amqps ]] || scheme=https port=5671
    host=$(url_part "$1" host) user=$(url_part "$1" user) password=$(url_part "$1" password) path=$(url_part "$1" path)
    if [[ $host =~ ^(.*):([0-9]+)$ ]]; then host=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]}; fi
    ((port + 10000 < 65536)) || return 1
    printf '%s://%s:%s@%s:%d%s' "$scheme" "${user:-guest}" "${password:-guest}" "$host" $((port + 10000)) "${path:+/$path}"
}

# What was derived has to hold before anything is changed; the words name the variable that would tell better.
check_derived() {
    local answer
    if [[ $admin_database == "$given_database" && $operator_database != "$given_database" ]]; then
        answer=$(sql "$admin_database" <<<"SELECT (rolsuper OR rolcreaterole) AND has_database_privilege(current_database(), 'CREATE')
            FROM pg_roles WHERE rolname = current_user") || fail 'the database of DATABASE_URL does not answer'
        [[ $answer == t ]] ||
            fail 'DATABASE_ADMIN_URL is missing: the role of DATABASE_URL may not make roles and schemas in its database' 78
    fi
    if [[ $operator_amqp != "$given_amqp" ]]; then
        answer=$(broker_api GET whoami) ||
            fail "AMQP_ADMIN_URL is missing: no management interface at $broker_admin_base takes the login of AMQP_URL" 78
        jq -e '[.tags] | flatten | join(",") | test("administrator")' <<<"$answer" >/dev/null ||
            fail 'AMQP_ADMIN_URL is missing: the user of AMQP_URL lacks the tag administrator' 78
    fi
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

# The payment simulator stands in for both gateways until somebody gives real keys; nothing else has to change then.
name_gateways() {
    paysim_url=http://127.0.0.1:$(paysim_port)
    local simulated
    simulated=sk_test_$(secret stripe)
    if [[ -z ${STRIPE_SECRET_KEY:-} || $STRIPE_SECRET_KEY == "$simulated" ]]; then
        stripe_key=$simulated stripe_secret=whsec_$(secret stripe-webhook) stripe_base=$paysim_url
    else
        stripe_key=$STRIPE_SECRET_KEY stripe_secret=${STRIPE_WEBHOOK_SECRET:-} stripe_base=${STRIPE_API_BASE:-https://api.stripe.com}
    fi
    simulated=sk_test_$(secret paystack)
    if [[ -z ${PAYSTACK_SECRET_KEY:-} || $PAYSTACK_SECRET_KEY == "$simulated" ]]; then
        paystack_key=$simulated paystack_base=$paysim_url
    else
        paystack_key=$PAYSTACK_SECRET_KEY paystack_base=${PAYSTACK_API_BASE:-https://api.paystack.co}
    fi
}

payments_are_simulated() { [[ $stripe_base == "$paysim_url" ]]; }

# Kept, so that addresses which were given out stay right.
paysim_port() {
    if [[ ! -s $run/paysim-port ]] || { port_taken "$(<"$run/paysim-port")" && ! process_alive program-purser-paysim; }; then
        free_port >"$run/paysim-port"
    fi
    cat "$run/paysim-port"
}

write_environment() {
    name_gateways
    (
        umask 077
        {
            printf '# Written by ops/up: source this file to use the servers and programs of this clone.\n'
            printf 'export AMQP_URL=%q\nexport AMQP_ADMIN_URL=%q\n' "$operator_amqp" "$admin_amqp"
            printf 'export DATABASE_URL=%q\nexport DATABASE_ADMIN_URL=%q\n' "$operator_database" "$admin_database"
            printf 'export STRIPE_SECRET_KEY=%q\nexport STRIPE_API_BASE=%q\nexport STRIPE_WEBHOOK_SECRET=%q\n' \
                "$stripe_key" "$stripe_base" "$stripe_secret"
            printf 'export PAYSTACK_SECRET_KEY=%q\nexport PAYSTACK_API_BASE=%q\n' "$paystack_key" "$paystack_base"
            printf 'export PAYSIM_URL=%q\n' "$paysim_url"
            printf 'case ":$PATH:" in *:%q:*) ;; *) export PATH=%q:$PATH ;; esac\n' "$root/.build/release" "$root/.build/release"
        } >"$run/env"
        write_program_environments
    )
}

# Each program sees what it needs and nothing else.
write_program_environments() {
    local name
    mkdir -p "$run/programs"
    while read -r name _; do
        [[ $name && $name != \#* ]] || continue
        {
            case $name in
                purser-paysim) paysim_variables ;;
                purser-billing) login_variables "$name" && gateway_variables ;;
                *) login_variables "$name" ;;
            esac
            printf 'LOG_LEVEL=%s\n' "${LOG_LEVEL:-info}"
        } >"$run/programs/$name.env"
    done <"$root/ops/programs.txt"
}

# A program's broker user has its name; its database role has underscores for hyphens.
login_variables() {
    local role=${1//-/_}
    printf 'AMQP_URL=%s\n' "$(url_with_login "$operator_amqp" "$1" "$(secret "rabbitmq-$1")")"
    printf 'DATABASE_URL=%s\n' "$(url_with_login "$operator_database" "$role" "$(secret "postgres-$role")")"
}

gateway_variables() {
    printf 'STRIPE_SECRET_KEY=%s\nSTRIPE_API_BASE=%s\n' "$stripe_key" "$stripe_base"
    [[ ! $stripe_secret ]] || printf 'STRIPE_WEBHOOK_SECRET=%s\n' "$stripe_secret"
    printf 'PAYSTACK_SECRET_KEY=%s\nPAYSTACK_API_BASE=%s\n' "$paystack_key" "$paystack_base"
}

paysim_variables() {
    printf 'PURSER_PAYSIM_ADDRESS=127.0.0.1:%s\nPURSER_PAYSIM_BOOKS=%s\nPAYSIM_URL=%s\n' "$(paysim_port)" "$run/paysim.books" "$paysim_url"
    printf 'STRIPE_WEBHOOK_SECRET=whsec_%s\nPAYSTACK_SECRET_KEY=sk_test_%s\n' "$(secret stripe-webhook)" "$(secret paystack)"
}
