# Demo data: 40 organizations, rates, and a real trace as usage. What was done is noted under $run/demo, so that an interrupted
# run goes on where it was, and a second one changes nothing. Sourced; needs say, build, url.

demo_organizations=40
demo_tokens=1000000
demo_trace=Tests/Data/azure-llm-2023-conversation.csv

load_demo() {
    local begun events
    [[ ! -f $run/demo/complete ]] || return 0
    begun=$(milliseconds)
    mkdir -p "$run/demo"
    # The last line of the trace ends without a newline, which wc does not count.
    events=$(awk 'NR > 1' "$root/$demo_trace" | awk 'END { print NR }')
    note "${bold}==>${plain} demo data: $demo_organizations organizations, $events real requests"
    purser rates load "$root/ops/demo-rates.json"
    open_demo_wallets
    publish_demo_usage
    await_demo_usage "$events"
    touch "$run/demo/complete"
    printf '    %sdone%s in %s\n' "$green" "$plain" "$(seconds_since "$begun")"
}

open_demo_wallets() {
    local number organization
    for ((number = 0; number < demo_organizations; number++)); do
        organization=org-$number
        [[ ! -f $run/demo/$organization ]] || continue
        purser wallet open "$organization" >>"$run/log/demo.log"
        purser wallet grant "$organization" --tokens "$demo_tokens" --reason 'demo' >>"$run/log/demo.log"
        touch "$run/demo/$organization"
    done
    detail "$demo_organizations wallets, each granted $demo_tokens tokens"
}

# The moment is kept: were the events of a second try moved to another one, they would be other events under the same identity.
publish_demo_usage() {
    [[ -s $run/demo/moment ]] || date -u +%Y-%m-%dT%H:%M:%SZ >"$run/demo/moment"
    purser publish usage --csv "$root/$demo_trace" --map tokens=ContextTokens+GeneratedTokens,time=TIMESTAMP \
        --shift-time-to "$(<"$run/demo/moment")" --organizations "org-{row%$demo_organizations}" --service llm.chat
}

demo_debits() {
    sql "$operator_database" <<<"SELECT count(*), -coalesce(sum(amount), 0) FROM token_balance_history
        WHERE type = 'usage' AND starts_with(event_id, '${demo_trace##*/}:')"
}

# Published is not yet debited. As long as debits come in there is no hurry.
await_demo_usage() {
    local wanted=$1 seen=-1 tokens=0 row deadline=$((SECONDS + 60))
    while :; do
        row=$(demo_debits)
        if ((${row%|*} != seen)); then
            seen=${row%|*} tokens=${row#*|}
            deadline=$((SECONDS + 60))
        fi
        ((seen < wanted)) || break
        ((SECONDS < deadline)) || fail "only $seen of $wanted events were debited and nothing moves, see $run/log/purser-meter.log and purser status"
        sleep 0.2
    done
    detail "$seen events debited, $tokens tokens; the trace has $(trace_tokens)"
    [[ $tokens == "$(trace_tokens)" ]] || fail 'the debits are not the sum of the trace' 1
}

# Added up by somebody else than the programs that are shown.
trace_tokens() { awk -F, 'NR > 1 { sum += $2 + $3 } END { printf "%d", sum }' "$root/$demo_trace"; }

# One organization saves a card and buys a package; where the gateway is a real one, no demo spends its money.
buy_demo_package() {
    [[ ! -f $run/demo/bought ]] || return 0
    if ! payments_are_simulated; then
        detail 'no demo purchase: the payment gateway is a real one'
        return 0
    fi
    note "${bold}==>${plain} org-0 saves a card and buys a package"
    purser method add org-0 --gateway stripe --reference pm_card_visa --request-id demo-card >>"$run/log/demo.log"
    purser purchase buy org-0 --package business --idempotency-key demo --request-id demo-purchase --json >"$run/demo/purchase.json" ||
        fail "the purchase did not go through, see $run/demo/purchase.json and $run/log/purser-billing.log"
    detail "$(jq -r '.result | "\(.purchase_reference_id): \(.total_amount) \(.currency), \(.tokens) tokens"' "$run/demo/purchase.json")"
    touch "$run/demo/bought"
}

show_result() {
    purser wallet list
    purser ledger verify
    [[ ! -f $run/demo/bought ]] || purser invoice show "$(jq -r .result.invoice_number "$run/demo/purchase.json")"
}
