# Addresses of the form scheme://user:password@host:port/path?query. Sourced.

url_pattern='^([a-z]+)://(([^:@/]*)(:([^@/]*))?@)?([^/?]*)(/([^?]*))?(\?.*)?$'

# url_part URL scheme|user|password|host|path: as written, still percent-encoded.
url_part() {
    [[ $1 =~ $url_pattern ]] || fail "not an address of the form scheme://user:password@host:port/path" 78
    case $2 in
        scheme) printf '%s' "${BASH_REMATCH[1]}" ;;
        user) printf '%s' "${BASH_REMATCH[3]}" ;;
        password) printf '%s' "${BASH_REMATCH[5]}" ;;
        host) printf '%s' "${BASH_REMATCH[6]}" ;;
        path) printf '%s' "${BASH_REMATCH[8]}" ;;
    esac
}

# url_with_login URL USER [PASSWORD]: the same place, somebody else, or the same without a password.
url_with_login() {
    [[ $1 =~ $url_pattern ]] || fail "not an address of the form scheme://user:password@host:port/path" 78
    printf '%s://%s%s@%s%s%s' "${BASH_REMATCH[1]}" "$2" "${3:+:$3}" "${BASH_REMATCH[6]}" "${BASH_REMATCH[7]}" "${BASH_REMATCH[9]}"
}

percent_decoded() {
    local text=${1//\\/\\\\}
    printf '%b' "${text//%/\\x}"
}

# sql URL: runs the statements of its input. The password goes through the environment, which only our own user can read.
sql() {
    PGPASSWORD=$(percent_decoded "$(url_part "$1" password)") psql --no-psqlrc --quiet --tuples-only --no-align \
        --set=ON_ERROR_STOP=1 "$(url_with_login "$1" "$(url_part "$1" user)")"
}
