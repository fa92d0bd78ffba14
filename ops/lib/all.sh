# Everything of this folder that is sourced, in the order of need. The caller has set $root and calls use_run next.
set -euo pipefail
shopt -s inherit_errexit

for part in say packages processes ports secrets place postgres rabbitmq servers; do
    # shellcheck source=/dev/null
    source "$root/ops/lib/$part.sh"
done
unset part
