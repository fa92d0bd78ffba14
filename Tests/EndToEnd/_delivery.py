"""How events travel: batches, binary mode, dead letters and back, answers that are not given. U10 and what is around it."""

import json

import _events
from _broker import Message, properties
from _events import batch, binary, event, raw, structured, usage
from _holds import refund
from _suite import equal, expect, wait_for


def dead(world, queue="purser.usage.dead", count=1):
    """Takes what lies in a dead letter queue, once so many are there."""
    wait_for(f"{count} dead letters", lambda: world.reader.waiting(queue) >= count)
    taken = world.reader.take_all(queue)
    equal(len(taken), count, "dead letters")
    return taken


def register(suite):
    _batches(suite)
    _modes(suite)
    _dead(suite)
    _answers(suite)


def _batches(suite):
    @suite.test("U10: a batch is answered by an array, each event decided for itself")
    def _(world):
        organization = world.organization(10)
        events = [usage(organization, "copilot_chat", 4), usage(organization, "unheard-of"), usage(organization, "outbound_calling")]
        events += [usage(organization, "copilot_chat", 3), events[0]]
        answers = world.ask(batch(events))
        expect(isinstance(answers, list), f"not an array: {answers}")
        equal([each["ok"] for each in answers], [True, False, False, True, True], "what was accepted")
        equal([each["error"]["code"] for each in answers[1:3]], ["unknown_service", "insufficient_tokens"], "the codes")
        equal(answers[4]["result"].get("duplicate"), True, "the event that stands twice")
        equal(world.wallet(organization)["current_balance"], 3, "the balance")

    @suite.test("U10: a batch may name many organizations, and comes through whole or twice")
    def _(world):
        organizations = [world.organization(300) for _ in range(5)]
        events = [usage(organizations[n % 5], "copilot_chat") for n in range(1000)]
        world.publish(batch(events), batch(events))
        wait_for("1000 debits", lambda: sum(world.wallet(each)["total_spent"] for each in organizations) == 1000)
        ids = [each["id"] for each in events]
        text = "SELECT count(*) AS rows, count(DISTINCT event_id) AS ids FROM token_balance_history WHERE event_id = ANY(%s)"
        equal(world.row(text, ids), {"rows": 1000, "ids": 1000}, "rows of the events")

    @suite.test("U10: an unreadable element is dead-lettered alone, with its index; the others are done")
    def _(world):
        organization = world.organization(10)
        events = [usage(organization, "copilot_chat"), {"specversion": "1.0", "id": "no-source"}, usage(organization, "copilot_chat"), 7]
        answers = world.ask(batch([events[0], events[1], events[2], events[3]], key=organization))
        equal([each["ok"] for each in answers], [True, False, True, False], "the answers")
        letters = dead(world, count=2)
        equal(sorted(int(fields.headers["purser-index"]) for fields, _ in letters), [1, 3], "purser-index")
        for fields, body in letters:
            expect(fields.headers.get("purser-reason"), "no purser-reason")
            equal(json.loads(body), events[int(fields.headers["purser-index"])], "the dead element")
            equal(fields.headers.get("purser-key"), organization, "purser-key")
        equal(world.wallet(organization)["current_balance"], 8, "the balance")

    @suite.test("U10: no array, an empty one, and one that is too long are dead-lettered whole")
    def _(world):
        organization = world.organization(5)
        long = [usage(organization, "copilot_chat") for _ in range(1001)]
        world.publish(batch([], key="x"), batch({"a": 1}, key="x"), batch(long))
        reasons = sorted(fields.headers["purser-reason"] for fields, _ in dead(world, count=3))
        equal(len(set(reasons)), 3, f"different reasons: {reasons}")
        equal(world.wallet(organization)["current_balance"], 5, "the balance")


def _modes(suite):
    @suite.test("U1: binary mode with all three prefixes")
    def _(world):
        organization = world.organization(10)
        for prefix in ("cloudEvents:", "cloudEvents_", "ce-"):
            sent = usage(organization, "copilot_chat", 2)
            equal(world.ask_ok(binary(sent, prefix))["tokens"], 2, f"tokens with {prefix}")
            row = world.recorded(sent)
            equal(_events.text(row["occurred_at"]), sent["time"], f"occurred_at with {prefix}")
            expect(world.ask_ok(structured(sent))["duplicate"], "the same event in structured mode is a duplicate")

    @suite.test("U1: commands come in binary mode too")
    def _(world):
        organization = world.organization(10)
        check = event("meter.check", organization, {"service": "copilot_chat"})
        message = binary(check, "ce-")._replace(exchange="purser.commands", key="meter.check")
        equal(world.ask_ok(message)["enough"], True, "the answer")

    @suite.test("U1: a traceparent travels to what the event causes")
    def _(world):
        organization = world.organization(0)
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        sent = usage(organization, "copilot_chat")
        world.publish(structured(sent, headers={"traceparent": trace}))
        world.recorded(sent)
        told = world.announcement("usage.rejected", event_id=sent["id"])
        expect(trace[:35] in json.dumps(told), f"no traceparent in {told}")


def _dead(suite):
    @suite.test("O3: an unreadable message is in the dead letters with its reason, and comes back by purser dead retry")
    def _(world):
        body = b'{"specversion":"1.0",'
        world.publish(raw(body, key="org-unreadable", headers={"note": "kept"}))
        wait_for("the dead letter", lambda: world.reader.waiting("purser.usage.dead") == 1)
        listed = json.loads(world.purser_ok("dead", "list", "--queue", "usage", "--json").stdout)
        expect("not_json" in json.dumps(listed), f"the reason is not in {listed}")
        world.purser_ok("dead", "retry", "--queue", "usage", "--all")
        wait_for("the message to be back", lambda: world.reader.waiting("purser.usage.dead") == 1)
        fields, again = dead(world)[0]
        equal(again, body, "the body")
        headers = fields.headers
        equal((headers["purser-reason"], headers["purser-key"], headers.get("note")), ("not_json", "org-unreadable", "kept"), "the headers")
        expect("x-death" not in headers, "x-death travelled on")
        expect(headers.get("purser-error"), "no words in purser-error")

    @suite.test("O3: a dead letter that has become readable is handled after purser dead retry")
    def _(world):
        organization = world.organization(10)
        sent = usage(organization, "copilot_chat")
        fields = properties(content_type=_events.STRUCTURED, headers={"purser-key": organization, "purser-reason": "not_json"})
        world.publish(Message("purser.dead", "usage", json.dumps(sent).encode(), fields), user="purser-operator")
        wait_for("the dead letter", lambda: world.reader.waiting("purser.usage.dead") == 1)
        world.purser_ok("dead", "retry", "--queue", "usage", "--all")
        equal(world.recorded(sent)["amount"], -1, "the amount")
        equal(world.dead_letters(), 0, "dead letters")

    @suite.test("O3: purser dead discard takes a message away")
    def _(world):
        world.publish(raw(b"never", key="x"))
        wait_for("the dead letter", lambda: world.reader.waiting("purser.usage.dead") == 1)
        world.purser_ok("dead", "discard", "--queue", "usage", "--all", "--yes")
        wait_for("it to be gone", lambda: world.reader.waiting("purser.usage.dead") == 0)

    @suite.test("a command whose type is not its routing key is dead-lettered")
    def _(world):
        organization = world.organization(10)
        before = world.wallet(organization)
        sneaked = event("billing.grant", organization, {"tokens": 1000})
        world.publish(structured(sneaked, key="meter.check"), user="purser-gateway")
        fields, _ = dead(world, "purser.meter.dead")[0]
        equal(fields.headers["purser-reason"], "type_mismatch", "the reason")
        world.publish(structured(event("meter.check", organization, {}), key="billing.grant"), user="purser-gateway")
        fields, _ = dead(world, "purser.billing.dead")[0]
        equal(fields.headers["purser-reason"], "type_mismatch", "the reason")
        equal(world.wallet(organization), before, "the wallet")


def _answers(suite):
    @suite.test("U5: an answer goes to reply.* queues too, and to no other queue")
    def _(world):
        organization = world.organization(10)
        for queue in ("reply.e2e", "e2e.not-a-reply"):
            world.reader.declare(queue)
        for queue in ("reply.e2e", "e2e.not-a-reply"):
            message = structured(usage(organization, "copilot_chat"))
            message.properties.reply_to, message.properties.correlation_id = queue, f"for {queue}"
            world.publish(message)
        wait_for("the answer", lambda: world.reader.waiting("reply.e2e") == 1)
        fields, body = world.reader.take_all("reply.e2e")[0]
        equal((fields.correlation_id, json.loads(body)["ok"]), ("for reply.e2e", True), "the answer")
        marker = usage(organization, "copilot_chat")
        world.ask_ok(marker)
        wait_for("all three debits", lambda: world.wallet(organization)["current_balance"] == 7)
        equal(world.reader.waiting("e2e.not-a-reply"), 0, "answers in another queue")

    @suite.test("U5: a caller that has gone disturbs nobody")
    def _(world):
        organization = world.organization(10)
        message = structured(usage(organization, "copilot_chat"))
        message.properties.reply_to, message.properties.correlation_id = "reply.nobody", "x"
        world.publish(message)
        wait_for("the debit", lambda: world.wallet(organization)["current_balance"] == 9)
        equal(world.ask_ok(usage(organization, "copilot_chat"))["balance"], 8, "the next event")

    @suite.test("U7: the refund of a debit that is not there is tried again, and then refused")
    def _(world):
        organization = world.organization(10)
        never = usage(organization, "copilot_chat")
        early = usage(organization, "copilot_chat", 4)
        caller = world.caller()
        asked = [caller.send(structured(refund(organization, each))) for each in (never, early)]
        wait_for("the retry queue to hold them", lambda: world.reader.waiting("purser.meter.retry.10s") == 2)
        world.ask_ok(early)
        answers = caller.collect(asked, 60)
        equal(answers[0]["error"]["code"], "usage_not_found", "the code")
        equal((answers[1]["ok"], answers[1]["result"]["tokens"]), (True, 4), "the refund that came before its debit")
        equal(world.wallet(organization)["current_balance"], 10, "the balance")
