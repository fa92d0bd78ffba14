"""Debits and what decides about them: U1 to U5, U9, U11."""

import _events
from _events import event, moment, structured, usage
from _suite import equal, expect, wait_for

FIGURES = {"outcome", "tokens", "balance", "available", "held", "trial_uses_left"}
DAY = 86400


def figures(answer, **wanted):
    """Exactly the documented fields, and these values among them."""
    equal(set(answer), FIGURES | set(wanted), "the fields of the answer")
    for name, value in wanted.items():
        equal(answer[name], value, f"{name} of {answer}")


def refusal(error, **wanted):
    equal(set(error), {"code", "detail"} | FIGURES | set(wanted), "the fields of the refusal")
    for name, value in wanted.items():
        equal(error[name], value, f"{name} of {error}")


def register(suite):
    _once(suite)
    _refusals(suite)
    _order(suite)
    _concurrency(suite)


def _once(suite):
    @suite.test("U1: one debit, however often and in however many connections the event comes")
    def _(world):
        organization = world.organization(100)
        sent = usage(organization, "copilot_query", 3)
        world.publish(*[sent] * 50)
        world.publish(*[sent] * 10)
        marker = usage(organization, "copilot_chat")
        world.publish(marker)
        world.recorded(marker)
        row = world.recorded(sent)
        equal((row["amount"], row["outcome"], row["quantity"], row["draws"]), (-6, "debited", 3, "1:6"), "the row")
        equal(world.wallet(organization)["current_balance"], 93, "the balance")
        equal(world.wallet(organization)["total_spent"], 7, "total_spent")

    @suite.test("U1: a repeated event gets its first outcome and tokens, the balance as now, and duplicate")
    def _(world):
        organization = world.organization(100)
        sent = usage(organization, "copilot_query", 5)
        figures(world.ask_ok(sent), outcome="debited", tokens=10, balance=90, available=90, held=0, trial_uses_left=0)
        world.ask_ok(usage(organization, "copilot_query"))
        figures(world.ask_ok(sent), outcome="debited", tokens=10, balance=88, available=88, held=0, trial_uses_left=0, duplicate=True)
        rejected = usage(organization, "outbound_calling", 2)
        refusal(world.ask_refused(rejected, "insufficient_tokens"), outcome="rejected", tokens=0, balance=88, required=100, missing=12)
        world.grant(organization, 1000)
        again = world.ask_refused(rejected, "insufficient_tokens")
        equal((again["duplicate"], again["balance"]), (True, 1088), "the repeated rejection, which is final")
        equal(len(world.usage_rows(rejected)), 1, "rows of the rejected event")
        equal(world.usage_rows(rejected)[0]["amount"], 0, "the amount of a rejection")

    @suite.test("U1: another content under the same identity is a conflict: announced once, recorded, not charged")
    def _(world):
        organization, other = world.organization(100), world.organization(100)
        first = usage(organization, "copilot_query", 1)
        world.ask_ok(first)
        variants = [
            usage(organization, "copilot_query", 2, id=first["id"]),
            usage(organization, "copilot_chat", 1, id=first["id"]),
            usage(other, "copilot_query", 1, id=first["id"]),
        ]
        for variant in variants:
            for _ in range(2):
                world.ask_refused(variant, "event_conflict")
        equal(len(world.usage_rows(first)), 1, "usage rows")
        refused = world.refusals(first)
        equal([(row["reason"], row["count"]) for row in refused], [("conflict", 2)] * 3, "recorded conflicts")
        wait_for("the announcements", lambda: len(world.announced("usage.conflict", event_id=first["id"])) >= 3)
        ids = {each["id"] for each in world.announced("usage.conflict", event_id=first["id"])}
        equal(len(ids), 3, "announcements, one per content")
        equal([world.wallet(each)["current_balance"] for each in (organization, other)], [98, 100], "balances")
        # Time and metadata are not content.
        later = usage(organization, "copilot_query", 1, id=first["id"], time=moment(-60), metadata={"a": 1})
        expect(world.ask_ok(later)["duplicate"], "the same content at another time is a duplicate")

    @suite.test("U2: the example rates from 100, 10 and 2 tokens")
    def _(world):
        rich = world.organization(100)
        for service, left in [("business_collector_100", 80), ("business_collector_csv", 75), ("outbound_calling", 25)]:
            equal(world.ask_ok(usage(rich, service))["balance"], left, f"the balance after {service}")
        refusal(world.ask_refused(usage(rich, "outbound_calling"), "insufficient_tokens"), balance=25, required=50, missing=25)
        ten, two = world.organization(10), world.organization(2)
        refusal(world.ask_refused(usage(ten, "business_collector_100"), "insufficient_tokens"), balance=10, required=20, missing=10)
        refusal(world.ask_refused(usage(two, "business_collector_csv"), "insufficient_tokens"), balance=2, required=5, missing=3)
        equal([world.wallet(each)["current_balance"] for each in (rich, ten, two)], [25, 10, 2], "balances")

    @suite.test("U2: a rate holds from its date on, the first one for all earlier times, by the event's time")
    def _(world):
        organization = world.organization(1000)
        world.rate("dated", 10, effective_from=_events.text(moment(-2 * DAY)))
        world.rate("dated", 30, effective_from=_events.text(moment(-DAY)))
        for offset, cost in [(-3 * DAY, 10), (-2 * DAY + 60, 10), (-DAY - 60, 10), (-DAY + 60, 30), (0, 30)]:
            equal(world.ask_ok(usage(organization, "dated", time=moment(offset)))["tokens"], cost, f"the cost {offset} s from now")
        changed = world.announced("rate.changed", service="dated")
        equal(len({each["id"] for each in changed}), 2, "rate.changed events")

    @suite.test("U2: a pass-through service costs the event's own tokens")
    def _(world):
        organization = world.organization(1000)
        sent = usage(organization, "llm.chat", tokens=137)
        equal(world.ask_ok(sent)["tokens"], 137, "tokens")
        equal(world.recorded(sent)["tokens"], 137, "the row's tokens")
        for tokens in (None, 0, -1, 1.5):
            error = world.ask_refused(usage(organization, "llm.chat", tokens=tokens), "invalid_quantity")
            equal(error.get("field"), "tokens", f"the field for {tokens}")
        equal(world.wallet(organization)["current_balance"], 863, "the balance")

    @suite.test("U1: metadata is kept as received, and a number may be written 2e0")
    def _(world):
        organization = world.organization(100)
        sent = usage(organization, "copilot_chat")
        body = structured(sent).body.replace(
            b'"service": "copilot_chat"', b'"service": "copilot_chat", "quantity": 2e0, "metadata": { "b":1,\t"a" : "\\u00e4" }'
        )
        world.publish(structured(sent)._replace(body=body))
        row = world.recorded(sent)
        equal(row["quantity"], 2, "the quantity")
        kept = world.value("SELECT metadata::text FROM token_balance_history WHERE event_id = %s", sent["id"])
        equal(kept, '{ "b":1,\t"a" : "\\u00e4" }', "the metadata")


def _refusals(suite):
    @suite.test("U11: an unknown service is refused, announced, and accepted once the rate is there")
    def _(world):
        organization = world.organization(100)
        sent = usage(organization, "not.yet")
        for count in (1, 2):
            error = world.ask_refused(sent, "unknown_service")
            equal(error.get("field"), "service", "the field")
            refused = world.refused(sent)
            equal((refused["reason"], refused["count"], refused["accepted_at"]), ("unknown_service", count, None), "the refusal")
        equal(world.announcement("usage.rejected", event_id=sent["id"])["data"]["reason"], "unknown_service", "the announced reason")
        equal(world.usage_rows(sent), [], "ledger rows")
        world.rate("not.yet", 7)
        equal(world.ask_ok(sent)["tokens"], 7, "tokens")
        expect(world.refusals(sent)[0]["accepted_at"] is not None, "accepted_at is not set")

    @suite.test("U11: an unknown organization is refused without an answer's figures, and accepted once the wallet is there")
    def _(world):
        sent = usage("somebody-new", "copilot_chat")
        equal(set(world.ask_refused(sent, "unknown_organization")), {"code", "detail", "field"}, "the fields")
        equal(world.refused(sent)["organization_id"], "somebody-new", "the organization")
        world.grant("somebody-new", 10)
        equal(world.ask_ok(sent)["balance"], 9, "the balance")
        expect(world.refusals(sent)[0]["accepted_at"] is not None, "accepted_at is not set")

    @suite.test("U11: a refusal binds no content")
    def _(world):
        organization = world.organization(100)
        sent = usage(organization, "unheard-of")
        world.ask_refused(sent, "unknown_service")
        equal(world.ask_ok(usage(organization, "copilot_query", 2, id=sent["id"]))["tokens"], 4, "tokens")

    @suite.test("U11: more than 5 minutes ahead or 35 days old is refused, just within is not")
    def _(world):
        organization = world.organization(100)
        for offset, code in [(330, "too_far_ahead"), (3600, "too_far_ahead"), (-35 * DAY - 30, "too_old"), (-400 * DAY, "too_old")]:
            sent = usage(organization, "copilot_chat", time=moment(offset))
            equal(world.ask_refused(sent, code).get("field"), "time", "the field")
            equal(world.refused(sent)["reason"], code, "the recorded reason")
        for offset in (280, -35 * DAY + 120):
            sent = usage(organization, "copilot_chat", time=moment(offset))
            equal(world.ask_ok(sent)["outcome"], "debited", f"the outcome {offset} s from now")
            equal(_events.text(world.recorded(sent)["occurred_at"]), sent["time"], "occurred_at")
        equal(world.wallet(organization)["current_balance"], 98, "the balance")

    @suite.test("U11: quantities that make no sense are refused and recorded")
    def _(world):
        organization = world.organization(100)
        for quantity in (0, -1, 1.5, 9223372036854775807, 1e300):
            sent = usage(organization, "copilot_query", quantity)
            error = world.ask_refused(sent, "invalid_quantity")
            equal(error.get("field"), "quantity", f"the field for {quantity}")
            equal(world.refused(sent)["reason"], "invalid_quantity", "the recorded reason")
        equal(world.wallet(organization)["current_balance"], 100, "the balance")

    @suite.test("U11: a rejected event is announced with its reason")
    def _(world):
        organization = world.organization(1)
        sent = usage(organization, "copilot_query")
        world.ask_refused(sent, "insufficient_tokens")
        told = world.announcement("usage.rejected", event_id=sent["id"])
        equal((told["subject"], told["data"]["reason"], told["data"]["required"]), (organization, "insufficient_tokens", 2), "the event")
        equal(told["data"]["sequence"], world.recorded(sent)["sequence"], "the event's sequence")
        equal(told["data"]["balance_after"], 1, "the event's balance_after")


def _order(suite):
    @suite.test("U9: with the system disabled usage is recorded and not charged")
    def _(world):
        organization, suspended = world.organization(100), world.organization(100)
        world.command("billing.wallet_suspend", suspended, {"reason": "e2e"})
        world.purser_ok("config", "set", "system.enabled", "false")
        try:
            sent = usage(organization, "outbound_calling", 10)
            figures(world.ask_ok(sent), outcome="shadow", tokens=0, balance=100)
            equal(world.ask_ok(usage(suspended, "copilot_chat"))["outcome"], "shadow", "a suspended wallet's outcome")
            check = world.ask_ok(event("meter.check", organization, {"service": "outbound_calling", "quantity": 10}))
            equal((check["enough"], check["by"]), (True, "shadow"), "the check")
            held = world.ask_ok(event("meter.hold", organization, {"hold_id": "off", "service": "copilot_chat", "timeout_seconds": 60}))
            equal((held["outcome"], held["held"]), ("shadow", 0), "a hold")
        finally:
            world.purser_ok("config", "set", "system.enabled", "true")
        equal((world.recorded(sent)["outcome"], world.recorded(sent)["amount"]), ("shadow", 0), "the row")
        equal(world.ask_ok(sent)["outcome"], "shadow", "the outcome stays")
        equal(world.ask_ok(usage(organization, "copilot_chat"))["outcome"], "debited", "after it is enabled again")

    @suite.test("U4: subscription first, then trial, then tokens, then overdraft; the last trial is announced")
    def _(world):
        organization = world.organization(25, trial_uses=2, overdraft_limit=20)
        world.settings(organization, unlimited_services=["premium"], unlimited_until=_events.text(moment(3600)))
        world.rate("premium", 10, trial_eligible=True, unlimited_eligible=True)
        world.rate("standard", 10, trial_eligible=True)
        world.rate("plain", 10)
        for service, quantity, outcome, by in [
            ("premium", 9, "covered", "subscription"),
            ("standard", 5, "trial", "trial"),
            ("plain", 1, "debited", "tokens"),
            ("standard", 1, "trial", "trial"),
            ("standard", 1, "debited", "tokens"),
            ("plain", 2, "overdrawn", "overdraft"),
            ("premium", 1, "covered", "subscription"),
        ]:
            check = world.ask_ok(event("meter.check", organization, {"service": service, "quantity": quantity}))
            equal((check["enough"], check["by"], check["required"]), (True, by, 10 * quantity), f"the check of {service}")
            answer = world.ask_ok(usage(organization, service, quantity))
            equal(answer["outcome"], outcome, f"{service} x {quantity}")
        equal((answer["balance"], answer["available"], answer["trial_uses_left"]), (-15, 5, 0), "the last figures")
        check = world.ask_ok(event("meter.check", organization, {"service": "plain"}))
        equal((check["enough"], check["by"], check["required"], check["available"]), (False, None, 10, 5), "the check beyond")
        equal(set(check), {"enough", "required", "by"} | FIGURES | (set(check) & {"reason", "missing"}), "the fields of a check")
        refusal(world.ask_refused(usage(organization, "plain"), "insufficient_tokens"), balance=-15, required=10, missing=5)
        told = world.announcement("wallet.trial_exhausted", subject=organization)
        equal(told["subject"], organization, "the subject")

    @suite.test("U4: what is not eligible is not covered and takes no trial; coverage goes by the event's time")
    def _(world):
        organization = world.organization(100, trial_uses=1)
        until = moment(3600)
        world.settings(organization, unlimited_services=["*"], unlimited_until=_events.text(until))
        equal(world.ask_ok(usage(organization, "plain"))["outcome"], "debited", "a service that is not eligible")
        equal(world.ask_ok(usage(organization, "premium"))["outcome"], "covered", "the covered service")
        before = world.ask_ok(usage(organization, "premium", time=moment(-3600)))
        equal(before["outcome"], "trial", "an event from before the coverage")

    @suite.test("W5: an overdraft has a limit or none, and credit repays the oldest debit first")
    def _(world):
        organization = world.organization(5, overdraft_limit=10)
        first, second = usage(organization, "copilot_chat", 8), usage(organization, "copilot_chat", 7)
        figures(world.ask_ok(first), outcome="overdrawn", tokens=8, balance=-3, available=7)
        figures(world.ask_ok(second), outcome="overdrawn", tokens=7, balance=-10, available=0)
        refusal(world.ask_refused(usage(organization, "copilot_chat"), "insufficient_tokens"), required=1, missing=1)
        equal((world.recorded(first)["draws"], world.recorded(second)["draws"]), ("1:5,debt:3", "debt:7"), "the draws")
        world.ask_refused(event("billing.wallet_settings", organization, {"overdraft_limit": 9}), "overdraft_limit_below_debt")
        world.grant(organization, 4)
        wallet = world.wallet(organization)
        equal((wallet["current_balance"], wallet["overdraft_debt"]), (-6, 6), "balance and debt")
        text = "SELECT outstanding FROM overdrawn_debits WHERE wallet_id = %s ORDER BY sequence"
        equal([row["outstanding"] for row in world.rows(text, wallet["id"])], [0, 6], "outstanding")
        told = world.announced("usage.overdrawn", subject=organization)
        equal({each["data"]["event_id"] for each in told}, {first["id"], second["id"]}, "overdrawn events")

    @suite.test("W5: an unlimited overdraft never refuses and marks every overdrawn debit for review")
    def _(world):
        organization = world.organization(0, overdraft_limit="unlimited")
        sent = usage(organization, "outbound_calling", 1000)
        answer = world.ask_ok(sent)
        equal((answer["outcome"], answer["balance"], answer["available"]), ("overdrawn", -50000, 0), "the answer")
        equal(answer.get("overdraft_limit"), "unlimited", "the answer shows it")
        equal(world.recorded(sent)["reason"], "review", "the row's reason")

    @suite.test("W4: a suspended wallet is not debited, credit still comes, and it goes on when reactivated")
    def _(world):
        organization = world.organization(100, trial_uses=1, unlimited_services=["premium"], unlimited_until=_events.text(moment(3600)))
        world.command("billing.wallet_suspend", organization, {"reason": "unpaid"})
        sent = usage(organization, "premium")
        refusal(world.ask_refused(sent, "wallet_suspended"), outcome="rejected", tokens=0, balance=100)
        equal(world.recorded(sent)["reason"], "wallet_suspended", "the row's reason")
        world.ask_refused(
            event("meter.hold", organization, {"hold_id": "s", "service": "plain", "timeout_seconds": 60}), "wallet_suspended"
        )
        equal(world.grant(organization, 5)["balance"], 105, "a grant to a suspended wallet")
        world.command("billing.wallet_reactivate", organization)
        equal(world.ask_ok(usage(organization, "premium"))["outcome"], "covered", "after reactivation")
        for type in ("wallet.suspended", "wallet.reactivated"):
            world.announcement(type, subject=organization)

    @suite.test("U5: a check changes nothing")
    def _(world):
        organization = world.organization(3, trial_uses=1)
        wait_for("everything to be drained", world.drained)
        before = world.snapshot()
        for service in ("standard", "copilot_chat", "outbound_calling"):
            world.ask_ok(event("meter.check", organization, {"service": service}))
        world.ask_refused(event("meter.check", organization, {"service": "unheard-of"}), "unknown_service")
        world.ask_refused(event("meter.check", "nobody-at-all", {"service": "copilot_chat"}), "unknown_organization")
        world.unchanged(before)


def _concurrency(suite):
    @suite.test("U3: 100 concurrent debits of 1 on a balance of 50 give 50 successes, with one meter")
    def _(world):
        hundred(world)


def hundred(world):
    """100 concurrent debits of 1 on a balance of 50, asked for over two connections."""
    organization = world.organization(50)
    callers = [world.caller("purser-gateway"), world.caller("purser-operator")]
    sent = [usage(organization, "copilot_chat") for _ in range(100)]
    # Routing keys spread them over the partitions, so that both meters decide about the one wallet at the same time.
    asked = [(callers[n % 2], callers[n % 2].send(structured(each, key=f"spread-{n}"))) for n, each in enumerate(sent)]
    answers = []
    for caller in callers:
        answers += caller.collect([correlation for owner, correlation in asked if owner is caller], 30)
    done = [each["result"] for each in answers if each["ok"]]
    refused = [each["error"] for each in answers if not each["ok"]]
    equal((len(done), len(refused)), (50, 50), "successes and refusals")
    equal({each["outcome"] for each in done}, {"debited"}, "outcomes")
    equal(sorted(each["balance"] for each in done), list(range(50)), "every balance once")
    equal(
        {(each["code"], each["outcome"], each["required"], each["missing"]) for each in refused},
        {("insufficient_tokens", "rejected", 1, 1)},
        "refusals",
    )
    wallet = world.wallet(organization)
    equal((wallet["current_balance"], wallet["total_spent"], wallet["ledger_sequence"]), (0, 50, 101), "the wallet")
