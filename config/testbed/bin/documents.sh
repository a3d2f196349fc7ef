# shellcheck shell=bash
# documents.sh: sourced by the hidden parts of documents, so that what they show is run against a throw-away directory
# that slapd-start has made in $corp: `ent-login` with its configuration, and at a login somebody who types the password.
: "${corp:?}"

# as_shown: passes the program's output on; a document whose reader has a server of another name changes it.
as_shown() { cat; }

ent-login() {
    local status=0 program=$PWD/.build/debug/ent-login
    case $1 in
    login)
        # A document sets `unasked` where the program ends before it asks.
        local typed=("Password for $2:" "${password:-open-$2}")
        [ -z "${unasked:-}" ] || typed=()
        config/testbed/bin/at-terminal "${typed[@]}" -- \
            "$program" --config "$corp/ent-login.toml" "$@" >"$corp/said" || status=$?
        ;;
    *) "$program" --config "$corp/ent-login.toml" "$@" >"$corp/said" 2>&1 || status=$? ;;
    esac
    as_shown <"$corp/said"
    return $status
}

# `swift run getting-started FILE`, of what is built, with somebody at the terminal.
swift() {
    config/testbed/bin/at-terminal 'User name:' alice 'Password:' open-alice -- \
        swift run --skip-build "$2" "$corp/ent-login.toml"
}

# as_admin COMMAND…: a command of ldap-utils, bound as the directory's administrator.
as_admin() {
    (
        # shellcheck disable=SC1091  # written by slapd-start
        . "$corp/env"
        LDAPTLS_CACERT=$CA_FILE "$1" -x -ZZ -H "$LDAP_URL" -D "$ADMIN_DN" -w "$ADMIN_PASSWORD" "${@:2}"
    )
}

at_end() { config/testbed/bin/slapd-stop "$corp"; }
