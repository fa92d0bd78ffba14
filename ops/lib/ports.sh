# Ports of our own: chosen free at the first start, kept in $run/ports, so that two clones run side by side. Sourced.

port_names=(postgres amqp management prometheus distribution epmd)

# Whether anybody listens on a port, on any address: read from the kernel, for a connection attempt sees only one address.
port_taken() {
    local hex
    printf -v hex '%04X' "$1"
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }'
}

# Below the range from which the kernel gives ports to outgoing connections (32768 and up).
free_port() {
    local candidate attempt
    for ((attempt = 0; attempt < 200; attempt++)); do
        candidate=$((20000 + SRANDOM % 12000))
        [[ " $* " == *" $candidate "* ]] && continue
        if ! port_taken "$candidate"; then
            printf '%d' "$candidate"
            return 0
        fi
    done
    fail 'no free port between 20000 and 32000'
}

# port NAME: the stored one.
port() {
    sed -n "s/^$1=//p" "$run/ports"
}

choose_ports() {
    local name chosen=()
    if [[ -f $run/ports ]] && ! stored_ports_lost; then
        return 0
    fi
    for name in "${port_names[@]}"; do
        chosen+=("$(free_port "${chosen[@]}")")
    done
    for ((i = 0; i < ${#port_names[@]}; i++)); do
        printf '%s=%s\n' "${port_names[i]}" "${chosen[i]}"
    done >"$run/ports"
}

# A stored port that somebody else took while our servers were down: choose anew. Asked only when none of ours runs.
stored_ports_lost() {
    local name
    for name in "${port_names[@]}"; do
        port_taken "$(port "$name")" && return 0
    done
    return 1
}
