# Generated passwords, one file each under $run/secrets, readable by their owner only. Letters and digits, so that they need no
# escaping in an address. Sourced.

# secret NAME: makes it at the first call.
secret() {
    local file=$run/secrets/$1
    if [[ ! -s $file ]]; then
        mkdir -p -m 700 "$run/secrets"
        (
            umask 077
            head -c 96 /dev/urandom | base64 -w 0 | tr -dc 'A-Za-z0-9' | head -c 40 >"$file"
        )
    fi
    cat "$file"
}
