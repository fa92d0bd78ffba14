# The steps of ops/up between the build and the demo. Sourced.

for part in url stop build identities environment demo; do
    # shellcheck source=/dev/null
    source "$root/ops/lib/$part.sh"
done
unset part

all_runs() {
    [[ -f $run/ready ]] && process_alive supervisor || return 1
    [[ -z $private_servers ]] || { process_alive postgres && process_alive rabbitmq; }
}

# Whether the operator's two logins work: both servers are asked as he would, without the management interface, which has the
# owner's login.
operator_logs_in() {
    # shellcheck source=/dev/null
    (source "$run/env" && AMQP_ADMIN_URL='' purser status) >"$run/log/status.log" 2>&1
}

# Somebody else may have changed the passwords of servers that go on running.
mend_logins() {
    note "the operator does not get through, see ${run#"$root/"}/log/status.log: every login is set anew"
    if [[ $private_servers ]]; then
        start_servers
        name_private_servers
    fi
    give_roles_logins "$admin_database"
    give_users_logins
    operator_logs_in || fail "the operator still does not get through, see $run/log/status.log"
}

# undo EXIT_CODE
undo() {
    trap '' INT TERM HUP
    note 'stopping what was started'
    stop_everything
    rm -f "$run/pids/up"
    exit "$1"
}

set_up_servers() {
    if [[ $private_servers ]]; then
        start_servers
        make_owner
        name_private_servers
    else
        note "using the broker at $(url_part "$operator_amqp" host) and the database at $(url_part "$operator_database" host)"
        check_derived
    fi
    write_environment
    # shellcheck source=/dev/null
    source "$run/env"
    quoted_step "$run/log/migrate.log" 'tables' purser migrate
    give_roles_logins "$admin_database"
    quoted_step "$run/log/topology.log" 'exchanges and queues' purser topology apply
    give_users_logins
}

start_supervisor() {
    # Left over from a supervisor that was killed: two of a program would only share the work, but who would stop the first?
    stop_programs
    setsid "$root/ops/lib/supervise" "$run" "$root/ops/programs.txt" >>"$run/log/supervisor.log" 2>&1 </dev/null 9>&- &
    remember_process supervisor $!
    note "${bold}==>${plain} programs start, logs in ${run#"$root/"}/log"
}

# A program that cannot live with its configuration ends at once and is not started again.
check_programs() {
    local name
    while read -r name _; do
        [[ $name && $name != \#* ]] || continue
        wait_until 35 process_alive "program-$name" || fail "$name does not run, see ${run#"$root/"}/log/$name.log"
    done <"$root/ops/programs.txt"
}

tell_how_to_use() {
    cat <<END

    source .run/env              then, for example:
    purser wallet list           every wallet with its balance
    purser wallet show org-0     one of them
    purser status                queues, programs, wallets, dead letters
    purser invoice list org-0    what was bought; purser invoice pdf NUMBER writes the document
    ops/down                     stops everything, --purge removes the data too

END
}
