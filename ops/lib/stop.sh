# Stops what $run says that we started, in the order that loses nothing: programs, broker, database. Sourced.

# Whether anything of ours is alive.
anything_alive() {
    local file
    for file in "$run"/pids/*; do
        [[ -f $file ]] || continue
        process_alive "$(basename "$file")" && return 0
    done
    return 1
}

stop_everything() {
    stop_programs
    stop_servers
    rm -f "$run/ready"
}

stop_programs() {
    local file
    # The supervisor ends its programs itself, with 30 s for each to finish what it holds.
    stop_process supervisor 45
    # Left over only when the supervisor was killed: first who starts a program again, then the program.
    for file in "$run"/pids/watcher-* "$run"/pids/program-*; do
        [[ ! -f $file ]] || stop_process "$(basename "$file")" 35
    done
}
