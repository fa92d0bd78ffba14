# A private RabbitMQ: own node name, own ports, own epmd, nothing read from /etc/rabbitmq. Sourced; needs say, processes, ports,
# secrets, place.

broker_plugins() {
    local name list=''
    for name in rabbitmq_management rabbitmq_management_agent rabbitmq_consistent_hash_exchange rabbitmq_prometheus; do
        compgen -G "/usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins/$name-*" >/dev/null && list+="${list:+,}$name"
    done
    [[ $list == *consistent_hash* && $list == *rabbitmq_management,* ]] || fail 'this RabbitMQ lacks the plugins for management or consistent hashing'
    printf '[%s].\n' "$list"
}

# A fresh node makes no guest user, for another default user is named. Publishers are stopped at 1 GB, which leaves room for the
# database and the programs in 2 GiB; the log of the quorum queues is kept small for the same reason,
# and so are messages: none that may be sent is larger than 1 MiB.
broker_settings() {
    cat <<END
listeners.tcp.1 = 127.0.0.1:$(port amqp)
management.tcp.ip = 127.0.0.1
management.tcp.port = $(port management)
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $(port prometheus)
default_vhost = $broker_vhost
default_user = purser_owner
default_pass = $(secret rabbitmq-owner)
default_user_tags.administrator = true
default_permissions.configure = .*
default_permissions.read = .*
default_permissions.write = .*
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 256MB
raft.wal_max_size_bytes = 67108864
max_message_size = 2097152
log.file.level = info
log.file = broker.log
cluster_name = purser-$(clone_hash)
END
}

# One publishing channel feeds one partition at full speed: more than 32 commands may be under way to a quorum queue.
broker_advanced_settings='[{rabbit, [{quorum_commands_soft_limit, 512}]}].'

write_broker_files() {
    local folder=$1 account=$2
    private_folder "$folder" "$account"
    (
        umask 077
        mkdir -p "$folder"/{home,log,mnesia,conf.d}
        broker_plugins >"$folder/enabled_plugins"
        broker_settings >"$folder/rabbitmq.conf"
        printf '%s\n' "$broker_advanced_settings" >"$folder/advanced.config"
        : >"$folder/rabbitmq-env.conf"
        [[ -s $folder/home/.erlang.cookie ]] || secret erlang-cookie >"$folder/home/.erlang.cookie"
        chmod 400 "$folder/home/.erlang.cookie"
    )
    ((EUID != 0)) || chown -R "$account:" "$folder"
}

# The environment of the node and of its tools, one NAME=value a line.
broker_environment() {
    local folder=$1 cores
    cores=$(nproc)
    cat <<END
HOME=$folder/home
ERL_EPMD_ADDRESS=127.0.0.1
ERL_EPMD_PORT=$(port epmd)
RABBITMQ_NODENAME=purser-$(clone_hash)@localhost
RABBITMQ_DIST_PORT=$(port distribution)
RABBITMQ_CONF_ENV_FILE=$folder/rabbitmq-env.conf
RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf
RABBITMQ_CONFIG_FILES=$folder/conf.d
RABBITMQ_ADVANCED_CONFIG_FILE=$folder/advanced.config
RABBITMQ_ENABLED_PLUGINS_FILE=$folder/enabled_plugins
RABBITMQ_MNESIA_BASE=$folder/mnesia
RABBITMQ_LOG_BASE=$folder/log
RABBITMQ_PID_FILE=$folder/pid
RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+S $cores:$cores -start_epmd false -kernel inet_dist_use_interface {127,0,0,1}
END
}

start_rabbitmq() {
    local folder account environment
    process_alive rabbitmq && return 0
    folder=$(server_place)/rabbitmq
    account=$(server_account rabbitmq)
    write_broker_files "$folder" "$account"
    rm -f "$folder/pid"
    mapfile -t environment < <(broker_environment "$folder")
    start_epmd "$account"
    (
        trap '' INT
        exec_as_account "$account" "${environment[@]}" setsid /usr/lib/rabbitmq/bin/rabbitmq-server
    ) >>"$run/log/rabbitmq.log" 2>&1 </dev/null &
    remember_process rabbitmq-script $!
    wait_until 30 test -s "$folder/pid" || fail "RabbitMQ did not start, see $run/log/rabbitmq.log"
    # The node itself, not the script around it: it writes its own pid.
    remember_process rabbitmq "$(<"$folder/pid")"
    wait_until 120 broker_answers || fail "RabbitMQ did not become ready, see $run/log/rabbitmq.log and $folder/log"
}

# The name service of this node only. Without one of our own, the node would start a common one that outlives it.
start_epmd() {
    process_alive epmd && return 0
    (
        trap '' INT
        exec_as_account "$1" ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT="$(port epmd)" setsid epmd
    ) >>"$run/log/epmd.log" 2>&1 </dev/null &
    remember_process epmd $!
}

stop_rabbitmq() {
    stop_process rabbitmq 60
    stop_process rabbitmq-script 10
    stop_process epmd 5
}

# broker_api METHOD PATH [JSON]: the management interface as its owner. The password goes through a pipe, for the arguments of a
# process can be read by everybody.
broker_api() {
    local method=$1 path=$2 body=()
    (($# < 3)) || body=(--header 'content-type: application/json' --data "$3")
    curl --silent --show-error --fail --max-time 20 --request "$method" "${body[@]}" \
        --config <(printf 'user = "%s"\n' "$broker_admin_login") "$broker_admin_base/api/$path"
}

broker_answers() { broker_api GET health/checks/virtual-hosts && broker_api GET health/checks/port-listener/"$(port amqp)"; }

amqp_url() {
    printf 'amqp://%s:%s@127.0.0.1:%s/%s' "$1" "$(secret "$2")" "$(port amqp)" "$broker_vhost"
}
