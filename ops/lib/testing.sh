# The parts of ops/test. Each counts into $passed and $failed and goes on, so that one run shows everything that is wrong.

# count_step STATUS: a part that is one test in itself.
count_step() {
    if (($1 == 0)); then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    return "$1"
}

check_format() {
    local status=0
    quoted_step "$run/log/format.log" 'format' swift format lint --strict --recursive Sources Tests Package.swift || status=$?
    count_step "$status" || true
}

build_tests() {
    local status=0
    quoted_step "$run/log/build.log" 'build, warnings are errors' swift build --build-tests || status=$?
    count_step "$status"
}

# Fresh servers for every run: what an earlier run left behind, even one that was killed, must not decide about this one.
start_test_servers() {
    stop_test_servers
    rm -f "$run/ports"
    POSTGRES_CONNECTIONS=300 start_servers
    write_test_environment
    # shellcheck source=/dev/null
    source "$run/env"
}

stop_test_servers() {
    stop_servers
    remove_place
}

# The servers belong to the tests alone, so these are the owners' addresses; each test makes its own database and virtual host.
write_test_environment() {
    (
        umask 077
        cat >"$run/env" <<END
export PURSER_TEST_DATABASE_URL='$(postgres_url postgres postgres-superuser postgres)'
export PURSER_TEST_AMQP_URL='$(amqp_url purser_owner rabbitmq-owner)'
export PURSER_TEST_AMQP_ADMIN_URL='http://$broker_admin_login@127.0.0.1:$(port management)'
export PURSER_TEST_PROGRAMS=$(printf '%q' "$root/.build/debug")
export PURSER_TEST_RUN=$(printf '%q' "$run")
export PURSER_TEST_ROOT=$(printf '%q' "$root")
END
    )
}

# Counted from the report that the test runner writes, not from what it prints.
run_swift_tests() {
    local status=0 report=$run/log/swift-tests.xml counted tests failures
    rm -f "${report%.xml}"*.xml
    quoted_step "$run/log/swift-tests.log" 'unit, integration and style tests' \
        swift test --skip-build --xunit-output "$report" || status=$?
    counted=$(cat "${report%.xml}"*.xml 2>/dev/null | sed -n 's/.*<testsuite [^>]*tests="\([0-9]*\)"[^>]*failures="\([0-9]*\)".*/\1 \2/p' |
        awk '{ tests += $1; failures += $2 } END { print tests + 0, failures + 0 }')
    read -r tests failures <<<"$counted"
    passed=$((passed + tests - failures))
    failed=$((failed + failures))
    # A crash, or a report that could not be written, is a failure even when no test says so.
    if ((status != 0 && failures == 0)); then failed=$((failed + 1)); fi
    detail "$((tests - failures)) passed, $failures failed"
}

# run_script FILE LOG: shell and Python alike. A script that ends with "N passed, M failed" counts as so many, any other as one.
run_script() {
    local file=$1 log=$2 status=0 line
    case $file in
        *.py)
            make_python
            quoted_step "$log" "${file#"$root/"}" "$root/.run/venv/bin/python" "$file" || status=$?
            ;;
        *) quoted_step "$log" "${file#"$root/"}" bash "$file" || status=$? ;;
    esac
    line=$(tail -n 1 "$log")
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        ((status == 0 || BASH_REMATCH[2] > 0)) || failed=$((failed + 1))
        return "$status"
    fi
    count_step "$status"
}

# Files that start with an underscore are parts of others.
test_scripts() {
    [[ -d $1 ]] || return 0
    find "$1" -maxdepth 1 -type f \( -name '*.sh' -o -name '*.py' \) ! -name '_*' | sort
}

run_scripts() {
    local file scripts
    mapfile -t scripts < <(test_scripts "$1")
    for file in "${scripts[@]}"; do
        run_script "$file" "$run/log/$(basename "$file").log" || true
    done
}

# Hours of work are not done twice: a script that passed for this very commit is skipped. Changed files give no such promise.
run_long_scripts() {
    local file scripts commit results=$root/.run/results result
    commit=$(git rev-parse HEAD 2>/dev/null || true)
    [[ -z $(git status --porcelain 2>/dev/null) ]] || commit=''
    mkdir -p "$results"
    mapfile -t scripts < <(test_scripts "$1")
    for file in "${scripts[@]}"; do
        result=$results/$(basename "$file")-${commit:-changed}
        if [[ $commit && -f $result.passed ]]; then
            note "==> ${file#"$root/"}: passed before for this commit, see ${result#"$root/"}.log"
            passed=$((passed + 1))
            continue
        fi
        if PURSER_TEST_RESULTS=$results run_script "$file" "$result.log"; then
            [[ -z $commit ]] || touch "$result.passed"
        fi
    done
}

# The packages of Tests/requirements.txt in an environment of the clone's own, made when a script first needs it.
make_python() {
    local wanted=$root/Tests/requirements.txt venv=$root/.run/venv
    cmp --silent "$wanted" "$venv/requirements.txt" && return 0
    rm -rf "$venv"
    quoted_step "$run/log/python.log" 'Python packages for the tests' make_venv "$wanted" "$venv"
}

make_venv() {
    /usr/bin/python3 -m venv "$2" &&
        "$2/bin/python" -m pip install --disable-pip-version-check --requirement "$1" &&
        cp "$1" "$2/requirements.txt"
}
