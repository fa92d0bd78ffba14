# Processes that we started, remembered by pid and start time, so that a pid which was given to somebody else in the meantime
# is never signalled. Sourced; needs $run.

# The kernel's start time of a process, in clock ticks since boot; nothing when there is none.
start_time() {
    local line
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
    # The name in the second field may hold spaces and brackets: count from the last bracket.
    line=${line##*) }
    set -- $line
    [[ $1 == Z ]] || printf '%s' "${20}"
}

# remember_process NAME PID
remember_process() {
    mkdir -p "$run/pids"
    printf '%s %s\n' "$2" "$(start_time "$2")" >"$run/pids/$1"
}

# Prints the pid of a remembered process that is alive; fails when it is gone or was never there.
process_id() {
    local pid='' born='' now
    [[ -f $run/pids/$1 ]] || return 1
    read -r pid born <"$run/pids/$1" || return 1
    [[ $pid && $born ]] || return 1
    now=$(start_time "$pid")
    [[ $now == "$born" ]] || return 1
    printf '%s' "$pid"
}

process_alive() { process_id "$1" >/dev/null; }

# stop_process NAME SECONDS [SIGNAL]: asks, waits, and only then kills.
stop_process() {
    local name=$1 patience=$2 signal=${3:-TERM} pid deadline
    if pid=$(process_id "$name"); then
        kill -s "$signal" "$pid" 2>/dev/null || true
        deadline=$((SECONDS + patience))
        while process_alive "$name"; do
            if ((SECONDS >= deadline)); then
                warn "$name (pid $pid) did not end within $patience s and is killed"
                kill -s KILL "$pid" 2>/dev/null || true
                break
            fi
            sleep 0.1
        done
    fi
    rm -f "$run/pids/$name"
}

# wait_until SECONDS COMMAND...: tries a quiet command until it succeeds.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.2
    done
}
