# What the scripts tell their reader: steps with durations, notes, failures. Sourced.

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
    bold='' dim='' red='' green='' plain=''
fi

note() { printf '%s\n' "$*"; }

detail() { printf '%s    %s%s\n' "$dim" "$*" "$plain"; }

warn() { printf '%swarning:%s %s\n' "$red" "$plain" "$*" >&2; }

# fail MESSAGE [EXIT_CODE]: the last word of a script; 69 (a needed service is unavailable) unless told otherwise.
fail() {
    printf '%serror:%s %s\n' "$red" "$plain" "$1" >&2
    exit "${2:-69}"
}

# seconds_since MILLISECONDS: for people, "0.4 s" or "2 min 5 s".
seconds_since() {
    local spent=$(($(milliseconds) - $1))
    if ((spent < 60000)); then
        printf '%d.%d s' $((spent / 1000)) $((spent % 1000 / 100))
    else
        printf '%d min %d s' $((spent / 60000)) $((spent % 60000 / 1000))
    fi
}

milliseconds() {
    local now=${EPOCHREALTIME/[.,]/}
    printf '%d' $((now / 1000))
}

# quoted_step LOG TITLE COMMAND...: runs the command with its output in LOG, says how long it took, and every half minute
# that it still runs. On failure the end of the log is shown, for nobody should have to look for it.
quoted_step() {
    local log=$1 title=$2 begun status=0 ticker
    shift 2
    begun=$(milliseconds)
    printf '%s==>%s %s\n' "$bold" "$plain" "$title"
    (
        trap 'kill "${pause:-}" 2>/dev/null; exit 0' TERM
        while :; do
            sleep 30 &
            pause=$!
            wait "$pause"
            detail "$title: $(seconds_since "$begun"), $(tail -n 1 "$log" 2>/dev/null | tail -c 120)"
        done
    ) &
    ticker=$!
    "$@" >"$log" 2>&1 </dev/null || status=$?
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    if ((status == 0)); then
        printf '    %sdone%s in %s\n' "$green" "$plain" "$(seconds_since "$begun")"
    else
        grep -E '(^|[^a-z])error:' "$log" | head -n 40 >&2 || true
        printf '    -- the end of %s --\n' "$log" >&2
        tail -n 60 "$log" >&2 || true
        printf '    %sfailed%s (exit %d) after %s\n' "$red" "$plain" "$status" "$(seconds_since "$begun")" >&2
    fi
    return "$status"
}
