# Where the servers' data lies and under which account they run. Sourced.
#
# PostgreSQL refuses to run as root, and a broker has no need of it: as root each gets the account of its Debian package. These
# accounts may be unable to enter the clone (/root, an encrypted home), and RabbitMQ's scripts do not take a path with a space.
# Then the data lies in a folder of its own under /var/tmp, and $run/place says which.

# server_account postgres|rabbitmq
server_account() {
    if ((EUID == 0)); then
        printf '%s' "$1"
    else
        id -un
    fi
}

# as_account NAME COMMAND...: replaces this shell, with an environment that holds nothing of ours.
exec_as_account() {
    local account=$1
    shift
    cd /
    # The lock of the script must not live on in a server that outlives it.
    exec 9>&-
    local clean=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@")
    if ((EUID == 0)) && [[ $account != root ]]; then
        exec setpriv --reuid="$account" --regid="$account" --init-groups -- "${clean[@]}"
    else
        exec "${clean[@]}"
    fi
}

as_account() { (exec_as_account "$@"); }

place_suits() {
    local account
    [[ $1 =~ ^[A-Za-z0-9._/-]+$ ]] || return 1
    ((EUID == 0)) || return 0
    for account in postgres rabbitmq; do
        as_account "$account" test -x "$1" || return 1
    done
}

# Prints the data folder, made at the first call.
server_place() {
    local place
    if [[ -s $run/place && -d $(<"$run/place") ]]; then
        cat "$run/place"
        return 0
    fi
    place=$run/servers
    mkdir -p "$place"
    chmod 711 "$place"
    if ! place_suits "$place"; then
        rmdir "$place"
        place=$(mktemp -d "/var/tmp/purser-$(clone_hash).XXXXXX")
        chmod 711 "$place"
    fi
    printf '%s\n' "$place" >"$run/place"
    printf '%s\n' "$place"
}

# Eight letters that stand for this clone, the same at every start.
clone_hash() {
    local sum
    sum=$(printf '%s' "$run" | sha256sum)
    printf '%s' "${sum:0:8}"
}

# private_folder PATH ACCOUNT
private_folder() {
    mkdir -p -m 700 "$1"
    ((EUID != 0)) || chown "$2:" "$1"
}

remove_place() {
    local place
    [[ -s $run/place ]] || return 0
    place=$(<"$run/place")
    # Only ever a folder that server_place made.
    case $place in
        "$run/servers" | /var/tmp/purser-"$(clone_hash)".??????) rm -rf "$place" ;;
        *) warn "$run/place names $place, which is none of ours: left alone" ;;
    esac
    rm -f "$run/place"
}
