"""Wallet commands of billing: W1, W2, W4 to W7, W9."""

import _events
from _events import event, moment, usage
from _suite import equal, expect, wait_for

WALLET = {"balance", "available", "held", "overdraft_limit", "status"}


def register(suite):
    _opening(suite)
    _credits(suite)
    _audit(suite)


def _opening(suite):
    @suite.test("W1: a wallet is opened by a command, or by its first grant, and once")
    def _(world):
        opened = world.command("billing.wallet_open", "acme", {"name": "Acme", "email": "ann@acme.example", "tax_id": "T-1"})
        expect(WALLET <= set(opened), f"fields are missing in {opened}")
        equal((opened["balance"], opened["available"], opened["held"], opened["status"]), (0, 0, 0, "active"), "the answer")
        world.command("billing.wallet_open", "acme")
        world.grant("by-grant", 5)
        for organization in ("acme", "by-grant"):
            world.announcement("wallet.opened", subject=organization)
        wallet = world.wallet("acme")
        contact = world.row("SELECT * FROM wallet_contacts WHERE wallet_id = %s", wallet["id"])
        equal((contact["name"], contact["email"], contact["tax_id"]), ("Acme", "ann@acme.example", "T-1"), "the contact")

    @suite.test("W2: figures of the wallet after use")
    def _(world):
        organization = world.organization(100, overdraft_limit=10)
        world.ask_ok(usage(organization, "copilot_chat", 30))
        world.ask_ok(event("meter.hold", organization, {"hold_id": "h", "service": "copilot_chat", "quantity": 20, "timeout_seconds": 600}))
        answer = world.grant(organization, 5)
        found = [answer[name] for name in ("balance", "held", "available", "overdraft_limit", "status")]
        equal(found, [75, 20, 65, 10, "active"], "the answer")
        shown = world.purser_ok("wallet", "show", organization).stdout
        expect("75" in shown and "20" in shown, f"the figures are not in: {shown}")


def _credits(suite):
    @suite.test("W7: a grant with a key is done once per organization, whatever its id")
    def _(world):
        organization, other = world.organization(0), world.organization(0)
        for each in (organization, organization, other):
            world.grant(each, 10, idempotency_key="welcome")
        equal([world.wallet(each)["current_balance"] for each in (organization, other)], [10, 10], "the balances")
        expect(
            world.ask(event("billing.grant", organization, {"tokens": 11, "reason": "e2e", "idempotency_key": "welcome"}))["ok"] is False,
            "the key with other content",
        )

    @suite.test("W7: the same command twice is one grant, another content under its id is a conflict")
    def _(world):
        organization = world.organization(0)
        sent = event("billing.grant", organization, {"tokens": 10, "reason": "e2e"})
        first = world.ask(sent)
        equal(world.ask(sent), first, "the stored answer")
        world.ask_refused({**sent, "data": {"tokens": 12, "reason": "e2e"}}, "request_conflict")
        equal(world.wallet(organization)["current_balance"], 10, "the balance")

    @suite.test("W7: adjustments go up as a promotional lot and down in burn order, never beyond what is unheld")
    def _(world):
        organization = world.organization(10)
        equal(world.command("billing.adjust", organization, {"tokens": 5, "reason": "gift"})["balance"], 15, "up")
        equal(world.lots(organization)[1]["kind"], "promotional", "the lot's kind")
        world.ask_ok(event("meter.hold", organization, {"hold_id": "h", "service": "copilot_chat", "quantity": 4, "timeout_seconds": 600}))
        world.ask_refused(event("billing.adjust", organization, {"tokens": -12, "reason": "too much"}), "insufficient_tokens")
        equal(world.command("billing.adjust", organization, {"tokens": -11, "reason": "mend"})["balance"], 4, "down")
        world.ask_refused(event("billing.adjust", "nobody-here", {"tokens": 1, "reason": "x"}), "unknown_organization")
        equal([row["amount"] for row in world.ledger(organization, "adjustment")], [5, -11], "the rows")

    @suite.test("W9: lots burn by priority, end, kind, start")
    def _(world):
        organization = world.organization(0)
        week, day = _events.text(moment(7 * 86400)), _events.text(moment(86400))
        for kind, more in [
            ("paid", {}),
            ("promotional", {}),
            ("promotional", {"expires_at": week}),
            ("paid", {"expires_at": day}),
            ("promotional", {"priority": 10}),
            ("promotional", {"effective_at": week}),
        ]:
            world.grant(organization, 10, kind=kind, **more)
        sent = usage(organization, "copilot_chat", 45)
        answer = world.ask_ok(sent)
        equal(world.recorded(sent)["draws"], "5:10,4:10,3:10,2:10,1:5", "the draws")
        equal((answer["balance"], answer["available"]), (5, 5), "a lot that has not started does not count")
        equal(world.wallet(organization)["current_balance"], 15, "the posted balance counts it")

    @suite.test("W6: a monthly allowance holds from the next month, and lapses with it")
    def _(world):
        organization = world.organization(0, monthly_allowance=500)
        wallet = world.wallet(organization)
        equal((wallet["current_balance"], wallet["next_monthly_allowance"]), (0, 500), "this month")


def _audit(suite):
    @suite.test("A2: every command stands in the audit log with who asked for it")
    def _(world):
        organization = world.organization(0)
        world.grant(organization, 5, actor="ann")
        world.command("billing.wallet_suspend", organization, {"reason": "x", "actor": "bob"})
        text = "SELECT action, actor FROM token_audit_logs WHERE organization_id = %s ORDER BY id"
        rows = wait_for("the audit rows", lambda: world.rows(text, organization))
        words = {(row["action"], row["actor"]) for row in rows}
        expect({("billing.grant", "ann"), ("billing.wallet_suspend", "bob")} <= words, f"found {words}")
