# Who may do what: a broker user and a database role for each program, each with a password of its own. Sourced; needs say,
# secrets, url, rabbitmq.

# The owner, who migrates, and the database. Roles are made by the owner's migrations, hence CREATEROLE; nothing needs a superuser.
make_owner() {
    local superuser
    superuser=$(postgres_url postgres postgres-superuser postgres)
    if [[ $(sql "$superuser" <<<"SELECT 1 FROM pg_roles WHERE rolname = 'purser_owner'") != 1 ]]; then
        sql "$superuser" <<<"CREATE ROLE purser_owner LOGIN CREATEROLE PASSWORD '$(secret postgres-owner)'"
    fi
    if [[ $(sql "$superuser" <<<"SELECT 1 FROM pg_database WHERE datname = 'purser'") != 1 ]]; then
        sql "$superuser" <<<'CREATE DATABASE purser OWNER purser_owner'
    fi
    sql "$superuser" <<<'REVOKE ALL ON DATABASE purser FROM PUBLIC'
}

# is_given URL NAME: whether the caller's own server is used through this very login, whose password is not ours to change.
is_given() {
    [[ $1 && $(percent_decoded "$(url_part "$1" user)") == "$2" ]]
}

# give_roles_logins ADMIN_URL: the migrations make roles without a login; each gets one here. Only roles that they made, and
# which they marked so.
give_roles_logins() {
    local role
    for role in $(sql "$1" <<<"SELECT rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = 'Made by Purser' ORDER BY 1"); do
        is_given "$given_database" "$role" && continue
        printf "ALTER ROLE %s LOGIN PASSWORD '%s';\n" "$role" "$(secret "postgres-$role")"
    done | sql "$1"
}

# `purser topology apply` makes the broker's users with their rights and without a password; each gets one here.
give_users_logins() {
    local name tags
    while IFS=$'\t' read -r name tags; do
        is_given "$given_amqp" "$name" && continue
        broker_api PUT "users/$name" \
            "$(jq -cn --arg tags "$tags" --arg password "$(secret "rabbitmq-$name")" '{password: $password, tags: $tags}')"
    done < <(jq -r '.users[] | [.user, (.tags | join(","))] | @tsv' "$root/topology/permissions.json")
}
