# Debian packages: finds the missing ones of ops/packages.txt and installs them. Sourced; needs say.sh.

# Packages of the list that this machine lacks, one a line.
missing_packages() {
    local name
    while read -r name; do
        [[ $name ]] || continue
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || printf '%s\n' "$name"
    done < <(sed 's/#.*//' "$root/ops/packages.txt")
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# The packages of the servers start a server of their own, on the usual ports, when they are installed. Nobody asked for that:
# while we install, the usual two switches say no, and go away afterwards.
install_without_starting() {
    local policy=/usr/sbin/policy-rc.d clusters=/etc/postgresql-common/createcluster.d/purser-install.conf made_policy='' status=0
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        made_policy=yes
    fi
    as_root mkdir -p "${clusters%/*}"
    printf 'create_main_cluster = false\n' | as_root tee "$clusters" >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" || status=$?
    as_root rm -f "$clusters"
    [[ -z $made_policy ]] || as_root rm -f "$policy"
    return "$status"
}

install_packages() {
    local missing installed_broker=''
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]} > 0)) || return 0
    command -v apt-get >/dev/null || fail "these Debian packages are needed, and there is no apt-get here: ${missing[*]}"
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        fail "these Debian packages are missing, and neither root nor sudo is at hand. As root: apt-get install ${missing[*]}"
    fi
    [[ " ${missing[*]} " != *' rabbitmq-server '* ]] || installed_broker=yes
    note "installing Debian packages: ${missing[*]}"
    # Asked here, where the terminal still is: the steps below run with their input closed.
    ((EUID == 0)) || sudo -v
    quoted_step "$run/log/apt-update.log" 'apt-get update' as_root apt-get update
    quoted_step "$run/log/apt-install.log" 'apt-get install' install_without_starting "${missing[@]}"
    # Only a broker that came with this very run is kept from starting at boot; one that was here before is left alone.
    if [[ $installed_broker && -d /run/systemd/system ]]; then
        as_root systemctl disable rabbitmq-server >/dev/null 2>&1 || true
    fi
}

need_swift() {
    command -v swift >/dev/null || fail 'no Swift toolchain in PATH: install Swift 6.2 or newer from https://www.swift.org/install/linux/'
}
