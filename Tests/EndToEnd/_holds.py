"""Holds and refunds: U6, U7."""

import _events
from _events import event, moment, usage
from _suite import equal, expect, wait_for

HOLD = {"outcome", "tokens", "balance", "available", "held", "trial_uses_left"}


def hold(organization, hold_id, tokens=None, timeout=600, service="copilot_chat", **more):
    """A hold of so many tokens: of copilot_chat, at 1 token a unit."""
    data = {"hold_id": hold_id, "service": service, "timeout_seconds": timeout, **({"quantity": tokens} if tokens else {})}
    return event("meter.hold", organization, data, **more)


def capture(organization, hold_id, tokens, **more):
    return event("meter.hold_capture", organization, {"hold_id": hold_id, "tokens": tokens}, **more)


def release(organization, hold_id, **more):
    return event("meter.hold_release", organization, {"hold_id": hold_id}, **more)


def refund(organization, of, tokens=None, **more):
    data = {"source": of["source"], "id": of["id"], "reason": "failed", **({"tokens": tokens} if tokens is not None else {})}
    return event("meter.usage_refund", organization, data, **more)


def ending_soon(world, organization, seconds, tokens=10, **more):
    """Grants a lot that ends after so many seconds, and answers a function that waits for its end."""
    end = moment(seconds)
    world.grant(organization, tokens, expires_at=_events.text(end), **more)
    return lambda: wait_for("the lot's end", lambda: moment() > end, seconds + 5)


def status(world, organization, hold_id):
    text = (
        "SELECT h.* FROM token_holds h JOIN organization_token_wallets w ON w.id = h.wallet_id WHERE organization_id = %s AND hold_id = %s"
    )
    return world.row(text, organization, hold_id)


def register(suite):
    _holds(suite)
    _ends(suite)
    _refunds(suite)


def _holds(suite):
    @suite.test("U6: a hold sets tokens aside; a capture of a part debits it and releases the rest")
    def _(world):
        organization = world.organization(100)
        placed = world.ask_ok(hold(organization, "h", 40))
        expect(HOLD <= set(placed), f"fields are missing in {placed}")
        equal([placed[name] for name in ("outcome", "tokens", "balance", "available", "held")], ["held", 40, 100, 60, 40], "the answer")
        equal((world.wallet(organization)["current_balance"], world.wallet(organization)["held"]), (100, 40), "the wallet")
        world.ask_refused(usage(organization, "copilot_chat", 61), "insufficient_tokens")
        taken = capture(organization, "h", 15)
        answer = world.ask_ok(taken)
        equal([answer[name] for name in ("outcome", "tokens", "balance", "available", "held")], ["debited", 15, 85, 85, 0], "the capture")
        row = world.recorded(taken)
        equal((row["amount"], row["outcome"], row["service"], row["reason"]), (-15, "debited", "copilot_chat", None), "the usage row")
        for type in ("hold.placed", "hold.captured"):
            world.announcement(type, subject=organization, hold_id="h")

    @suite.test("U6: the same hold or resolution again gives the same answer, another content or resolution is refused")
    def _(world):
        organization = world.organization(100)
        first = world.ask_ok(hold(organization, "h", 10))
        again = world.ask_ok(hold(organization, "h", 10))
        equal((again["outcome"], again["tokens"], again["held"]), (first["outcome"], 10, 10), "the same hold again")
        world.ask_refused(hold(organization, "h", 11), "event_conflict")
        world.ask_refused(capture(organization, "h", 11), "capture_exceeds_hold")
        world.ask_ok(capture(organization, "h", 4))
        equal(world.ask_ok(capture(organization, "h", 4))["tokens"], 4, "the same capture again")
        world.ask_refused(capture(organization, "h", 5), "already_captured")
        world.ask_refused(release(organization, "h"), "already_captured")
        world.ask_ok(hold(organization, "r", 10))
        answer = world.ask_ok(release(organization, "r"))
        equal((answer["held"], answer["available"], answer["balance"]), (0, 96, 96), "the release")
        world.ask_ok(release(organization, "r"))
        world.ask_refused(capture(organization, "r", 1), "already_released")
        world.ask_ok(hold(organization, "z", 10))
        world.ask_ok(capture(organization, "z", 0))
        equal(status(world, organization, "z")["status"], "released", "a hold after a capture of 0")
        world.ask_refused(capture(organization, "nothing", 1), "hold_not_found")
        equal(world.wallet(organization)["total_spent"], 4, "total_spent")

    @suite.test("U6: a request that comes again gets its stored answer, one with other content is a conflict")
    def _(world):
        organization = world.organization(100)
        sent = hold(organization, "h", 10)
        first = world.ask(sent)
        world.ask_ok(usage(organization, "copilot_chat", 5))
        equal(world.ask(sent), first, "the stored answer")
        world.ask_refused({**sent, "data": {**sent["data"], "quantity": 11}}, "request_conflict")
        world.ask_refused({**sent, "subject": world.organization(5)}, "request_conflict")

    @suite.test("U6: holds go by the order of authorization; overdraft does not count, a trial use is reserved")
    def _(world):
        organization = world.organization(5, trial_uses=1, overdraft_limit=100)
        world.settings(organization, unlimited_services=["premium"], unlimited_until=_events.text(moment(3600)))
        covered = world.ask_ok(hold(organization, "c", service="premium"))
        equal((covered["outcome"], covered["held"]), ("covered", 0), "a covered hold")
        trial = world.ask_ok(hold(organization, "t", service="standard"))
        equal((trial["outcome"], trial["held"], trial["trial_uses_left"]), ("trial", 0, 0), "a trial hold")
        world.ask_refused(hold(organization, "o", 6), "insufficient_tokens")
        equal(world.ask_ok(release(organization, "t"))["trial_uses_left"], 1, "a released trial use")
        taken = capture(organization, "c", 3)
        equal((world.ask_ok(taken)["outcome"], world.recorded(taken)["amount"]), ("covered", 0), "a captured cover")
        again = world.ask_ok(hold(organization, "t2", service="standard"))
        equal(again["outcome"], "trial", "the trial use again")
        world.ask_ok(capture(organization, "t2", 1))
        equal(world.wallet(organization)["trial_uses_left"], 0, "trial uses left")

    @suite.test("U6: no usage and no other hold takes what is held, also from many at once")
    def _(world):
        organization = world.organization(10)
        world.ask_ok(hold(organization, "first", 7))
        caller = world.caller()
        asked = [caller.send(_events.structured(hold(organization, f"n{n}", 1))) for n in range(5)]
        asked += [caller.send(_events.structured(usage(organization, "copilot_chat"))) for _ in range(5)]
        equal(sum(each["ok"] for each in caller.collect(asked)), 3, "successes")
        equal(world.ask_ok(capture(organization, "first", 7))["outcome"], "debited", "the first hold")


def _ends(suite):
    @suite.test("U6: a pinned token stays payable after its lot's end, and expires when it is released after that")
    def _(world):
        organization = world.organization(0)
        wait = ending_soon(world, organization, 1.5, 10)
        world.grant(organization, 10)
        world.ask_ok(hold(organization, "kept", 4))
        world.ask_ok(hold(organization, "part", 3))
        world.ask_ok(hold(organization, "given", 2))
        wait()
        taken = capture(organization, "kept", 4)
        equal((world.ask_ok(taken)["tokens"], world.recorded(taken)["draws"]), (4, "1:4"), "the capture after the end")
        taken = capture(organization, "part", 1)
        world.ask_ok(taken)
        equal(world.recorded(taken)["draws"], "1:1", "the part captured")
        equal(sum(row["amount"] for row in world.ledger(organization, "expiry")), -2, "what the capture released has expired")
        world.ask_ok(release(organization, "given"))
        equal(sum(row["amount"] for row in world.ledger(organization, "expiry")), -4, "what was released has expired")
        told = world.announced("tokens.expired", subject=organization)
        equal(sum(each["data"]["tokens"] for each in {each["id"]: each for each in told}.values()), 4, "tokens.expired")
        # What was never pinned stays for late events of before the end, until its expiry is posted (domain.md 12.1).
        wallet = world.wallet(organization)
        equal((wallet["current_balance"], wallet["held"]), (11, 0), "the wallet")

    @suite.test("U6: a lot that ended pays for events of before its end, and for later ones no more")
    def _(world):
        organization = world.organization(0)
        wait = ending_soon(world, organization, 1, 10)
        early = moment()
        wait()
        world.ask_refused(usage(organization, "copilot_chat"), "insufficient_tokens")
        late = world.ask_ok(usage(organization, "copilot_chat", 3, time=early))
        equal((late["outcome"], late["balance"]), ("debited", 0), "a late event")

    @suite.test("U6: tokens of lots that have ended are captured first")
    def _(world):
        organization = world.organization(0)
        world.grant(organization, 5, priority=10)
        wait = ending_soon(world, organization, 1.5, 5, priority=90)
        world.ask_ok(hold(organization, "h", 10))
        wait()
        taken = capture(organization, "h", 6)
        world.ask_ok(taken)
        equal(world.recorded(taken)["draws"], "2:5,1:1", "the draws")


def _refunds(suite):
    @suite.test("U7: tokens return to the lots that they came from, last drawn first, once, never above the debit")
    def _(world):
        organization = world.organization(0)
        world.grant(organization, 10, priority=1)
        world.grant(organization, 10, priority=2)
        sent = usage(organization, "copilot_chat", 15)
        world.ask_ok(sent)
        equal(world.recorded(sent)["draws"], "1:10,2:5", "the draws")
        asked = refund(organization, sent, 7)
        answer = world.ask_ok(asked)
        equal((answer["tokens"], answer["balance"]), (7, 12), "the answer")
        equal(world.ask_ok(asked)["tokens"], 7, "the same request again")
        equal(world.ledger(organization, "usage_refund")[0]["amount"], 7, "the row")
        equal([lot["remaining"] for lot in world.lots(organization)], [2, 10], "the lots")
        world.ask_refused(refund(organization, sent, 9), "refund_exceeds_debit")
        equal(world.ask_ok(refund(organization, sent))["tokens"], 8, "the rest")
        equal([lot["remaining"] for lot in world.lots(organization)], [10, 10], "the lots")
        expect(world.ask(refund(organization, sent))["ok"] is False, "a third refund of what is all returned")
        wallet = world.wallet(organization)
        equal((wallet["current_balance"], wallet["total_spent"]), (20, 0), "the wallet")
        equal(len({each["id"] for each in world.announced("usage.refunded", subject=organization)}), 2, "usage.refunded events")

    @suite.test("U7: what returns to a lot whose expiry is posted expires again at once")
    def _(world):
        organization = world.organization(0)
        wait = ending_soon(world, organization, 1.5, 10)
        sent = usage(organization, "copilot_chat", 8)
        world.ask_ok(sent)
        world.ask_ok(hold(organization, "last", 2))
        wait()
        # What the daily tick does to a lot of which only held tokens are left: it posts the end, with no row, as nothing expires yet.
        world.execute("UPDATE token_lots SET expiry_posted = true WHERE wallet_id = %s", world.wallet(organization)["id"])
        world.ask_ok(refund(organization, sent, 5))
        kinds = [(row["type"], row["amount"]) for row in world.ledger(organization)][-2:]
        equal(kinds, [("usage_refund", 5), ("expiry", -5)], "the last rows")
        world.ask_ok(release(organization, "last"))
        equal(world.ledger(organization)[-1]["amount"], -2, "what was held expires when it is released")
        equal(world.wallet(organization)["current_balance"], 0, "the balance")

    @suite.test("U7: what returns to a lot that ended, but is not posted, waits for its expiry")
    def _(world):
        organization = world.organization(0)
        wait = ending_soon(world, organization, 1, 10)
        sent = usage(organization, "copilot_chat", 8)
        world.ask_ok(sent)
        wait()
        answer = world.ask_ok(refund(organization, sent))
        equal((answer["tokens"], answer["balance"]), (8, 0), "what is shown is without ended tokens")
        equal(world.wallet(organization)["current_balance"], 10, "the posted balance")

    @suite.test("U7: an overdrawn part lowers the debt, or returns to the lot that repaid it")
    def _(world):
        organization = world.organization(5, overdraft_limit=50)
        sent = usage(organization, "copilot_chat", 25)
        world.ask_ok(sent)
        world.ask_ok(refund(organization, sent, 6))
        wallet = world.wallet(organization)
        equal((wallet["current_balance"], wallet["overdraft_debt"]), (-14, 14), "after the first refund")
        world.grant(organization, 30)
        equal([lot["remaining"] for lot in world.lots(organization)], [0, 16], "the lots after the grant")
        world.ask_ok(refund(organization, sent))
        equal([lot["remaining"] for lot in world.lots(organization)], [5, 30], "the lots after the second refund")
        equal(world.wallet(organization)["current_balance"], 35, "the balance")

    @suite.test("U7: a refunded trial gives the use back; covered and rejected have nothing to give")
    def _(world):
        organization = world.organization(1, trial_uses=1)
        world.settings(organization, unlimited_services=["premium"], unlimited_until=_events.text(moment(3600)))
        trial, covered, rejected = (usage(organization, name) for name in ("standard", "premium", "outbound_calling"))
        for sent in (trial, covered):
            world.ask_ok(sent)
        world.ask_refused(rejected, "insufficient_tokens")
        answer = world.ask_ok(refund(organization, trial))
        equal((answer["tokens"], answer["trial_uses_left"]), (0, 1), "the trial use")
        equal(world.ask_ok(refund(organization, covered))["tokens"], 0, "a covered use")
        expect(world.ask(refund(organization, rejected))["ok"] is False, "a rejected use")
        expect(world.ask(refund(organization, trial))["ok"] is False, "a trial use a second time")
        equal(world.wallet(organization)["trial_uses_left"], 1, "trial uses left")

    @suite.test("U7: nobody gets another organization's refund")
    def _(world):
        organization, other = world.organization(10), world.organization(10)
        sent = usage(organization, "copilot_chat", 5)
        world.ask_ok(sent)
        world.ask_refused(refund(other, sent), "usage_not_found", seconds=60)
        equal([world.wallet(each)["current_balance"] for each in (organization, other)], [5, 10], "the balances")


def start_sweep(world):
    """Places holds that end soon: the sweep comes every minute, and other tests pass meanwhile."""
    organization = world.organization(100)
    before_end = moment()
    for hold_id in ("late", "gone", "poor"):
        world.ask_ok(hold(organization, hold_id, 30, timeout=1))
    return organization, before_end


def finish_sweep(world, started):
    organization, before_end = started
    wait_for("the sweep", lambda: world.wallet(organization)["held"] == 0, 75)
    for hold_id in ("late", "gone", "poor"):
        equal(status(world, organization, hold_id)["status"], "expired", f"hold {hold_id}")
        world.announcement("hold.expired", subject=organization, hold_id=hold_id)
    world.ask_refused(capture(organization, "gone", 30, time=moment()), "already_expired")
    taken = capture(organization, "late", 20, time=before_end)
    equal(world.ask_ok(taken)["tokens"], 20, "tokens of the late capture")
    equal((world.recorded(taken)["amount"], world.recorded(taken)["reason"]), (-20, "late"), "its row")
    equal(status(world, organization, "late")["status"], "captured", "the hold after it")
    world.ask_ok(usage(organization, "copilot_chat", 70))
    poor = capture(organization, "poor", 30, time=before_end)
    world.ask_refused(poor, "insufficient_tokens")
    equal(world.recorded(poor)["reason"], "late,insufficient_tokens", "the row of a late capture that nobody can pay")
