"""Bad messages of every type: the answer names the field, or the message lies in the dead letters with its reason, and nothing changes.

The table is made from what each type's schema asks for; topology/schemas holds the same."""

import json

from _broker import BATCH, Message, properties
from _events import STRUCTURED, event, usage
from _purser import World
from _suite import Suite, equal, expect, wait_for

suite = Suite("bad input")
WHO = "org-bad"
SQL, HTML = "x'); DROP TABLE token_lots; --", "<script>alert(1)</script>"
DEEP = "[" * 4000 + "]" * 4000

# Data that is right, and by field what is not. A field stands in `required` when it must be there.
TEXTS = ["", 7, True, [], {}, "nul\0", "lone\ud800"]
WHOLES = ["7", True, [], 1.5, 10**30, -(10**30)]
TIMES = ["yesterday", 7, "2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T25:00:00Z", "0000-00-00T00:00:00Z", ""]
TYPES = {
    "meter.check": ({"service": "copilot_chat", "quantity": 1}, ["service"], {"service": TEXTS + ["s" * 129], "quantity": ["7", [], True]}),
    "meter.hold": (
        {"hold_id": "bad", "service": "copilot_chat", "timeout_seconds": 60},
        ["hold_id", "service", "timeout_seconds"],
        {"hold_id": TEXTS + ["h" * 300], "service": TEXTS, "timeout_seconds": WHOLES + [0, -1, 604801], "quantity": ["7", [], True]},
    ),
    "meter.hold_capture": (
        {"hold_id": "there", "tokens": 1},
        ["hold_id", "tokens"],
        {"hold_id": TEXTS, "tokens": WHOLES + [-1, 10**15 + 1]},
    ),
    "meter.hold_release": ({"hold_id": "there"}, ["hold_id"], {"hold_id": TEXTS}),
    "meter.usage_refund": (
        {"source": "/e2e", "id": "debited"},
        ["source", "id"],
        {"source": TEXTS + ["s" * 256], "id": TEXTS + ["i" * 129], "tokens": WHOLES + [0, -1], "reason": [7, [], "r" * 1001]},
    ),
    "meter.rate_set": (
        {"service": "bad-rate", "tokens_per_unit": 5},
        ["service"],
        {
            "service": TEXTS + ["s" * 129],
            "tokens_per_unit": WHOLES + [-1, 10**15 + 1],
            "effective_from": TIMES,
            "trial_eligible": ["yes", 1],
            "unlimited_eligible": ["yes", 1],
            "pass_through": ["yes", 1, True],
        },
    ),
    "billing.wallet_open": (
        {"name": "Bad"},
        [],
        {
            "name": [7, [], "n" * 256, "nul\0"],
            "email": [7, "no address", "@", "a b@c.d"],
            "tax_id": [7, "t" * 65],
            "billing_address": [7, "a" * 1001],
        },
    ),
    "billing.wallet_suspend": ({"reason": "bad"}, [], {"reason": [7, [], "r" * 1001]}),
    "billing.wallet_reactivate": ({"reason": "bad"}, [], {"reason": [7, [], "r" * 1001]}),
    "billing.wallet_settings": (
        {"trial_uses": 3},
        [],
        {
            "overdraft_limit": WHOLES + [-1, "endless"],
            "trial_uses": WHOLES + [-1],
            "monthly_allowance": WHOLES + [-1],
            "unlimited_services": ["all", [7], [""], ["s"] * 101],
            "unlimited_until": TIMES,
            "email": [7, "no address"],
        },
    ),
    "billing.grant": (
        {"tokens": 5, "reason": "bad"},
        ["tokens"],
        {
            "tokens": WHOLES + [0, -1, 10**15 + 1],
            "kind": ["free", 7],
            "priority": WHOLES + [-1, 101],
            "effective_at": TIMES,
            "expires_at": TIMES,
            "idempotency_key": TEXTS + ["k" * 256],
            "reason": [7, [], "r" * 1001],
        },
    ),
    "billing.adjust": (
        {"tokens": 5, "reason": "bad"},
        ["tokens", "reason"],
        {"tokens": WHOLES + [0, 10**15 + 1], "reason": TEXTS + ["r" * 1001]},
    ),
}
SUBJECTS = ["", "o" * 129, "käse", "a\nb", "nul\0"]


def encoded(value):
    """JSON with lone surrogates left as escapes."""
    return json.dumps(value).encode()


def message(made, key, body=None):
    return Message("purser.commands", key, encoded(made) if body is None else body, properties(content_type=STRUCTURED))


def refusals(type):
    """(field at fault, event) for each bad variant of a type."""
    data, required, fields = TYPES[type]
    for field in required:
        yield field, event(type, WHO, {name: value for name, value in data.items() if name != field})
        yield field, event(type, WHO, {**data, field: None})
    for field, values in fields.items():
        for value in values:
            given = {**data, field: value}
            if field == "unlimited_until":
                given["unlimited_services"] = ["copilot_chat"]
            if field == "pass_through" and value is True:
                given["tokens_per_unit"] = 5
            yield field, event(type, WHO, given)
    for wrong in ([], "text", 7, True):
        yield "data", event(type, WHO, wrong)
    made = event(type, WHO, data)
    del made["data"]
    yield "data", made
    if type != "meter.rate_set":
        for subject in SUBJECTS:
            yield "subject", event(type, subject, data)
        without = event(type, WHO, data)
        del without["subject"]
        yield "subject", without


def refuse_all(world, type):
    """Every bad variant at once over one connection; each answer, or dead letter, must name the field."""
    key = type
    queue = f"purser.{type.split('.')[0]}.dead"
    caller = world.caller("purser-gateway")
    asked = [(field, made, caller.send(message(made, key))) for field, made in refusals(type)]
    name = next(iter(TYPES[type][0]))
    head, data = encoded(event(type, WHO, TYPES[type][0])).split(b'"data":')
    twice = head + b'"data":' + data.replace(f'"{name}":'.encode(), f'"{name}": null, "{name}":'.encode(), 1)
    asked.append((name, "a field that stands twice", caller.send(message(None, key, twice))))
    answers = caller.collect([correlation for *_, correlation in asked], 30)
    wrong = []
    for (field, made, _), answer in zip(asked, answers):
        error = answer.get("error", {})
        named = error.get("field", "")
        # Two fields that exclude each other, or depend on each other, may be named by either.
        pairs = {"pass_through": ("tokens_per_unit", "pass_through"), "unlimited_until": ("unlimited_until", "unlimited_services")}
        if answer.get("ok") is not False or named not in pairs.get(field, (field,)) or not error.get("detail"):
            wrong.append(f"{field} in {str(made)[:300]}: {str(answer)[:200]}")
    expect(not wrong, lambda: f"{len(wrong)} of {len(asked)} are not refused with their field, first: " + "\n      ".join(wrong[:3]))
    dead = world.reader.take_all(queue)
    for fields, _ in dead:
        expect(
            fields.headers.get("purser-reason") and fields.headers.get("purser-error"), f"a dead letter without a reason: {fields.headers}"
        )
    print(f"    {len(asked)} refused", flush=True)


def envelopes(type):
    """(what is wrong, body) of messages that are no readable events."""
    good = event(type, WHO, {"service": "copilot_chat"} if type == "usage.recorded" else TYPES[type][0])
    yield "not JSON", b"{"
    yield "empty", b""
    yield "not UTF-8", encoded(good).replace(b'"/e2e"', b'"\xff\xfe"')
    yield "NUL bytes", b"\0" * 20
    yield "an array", encoded([good])
    yield "a number", b"7"
    yield "null", b"null"
    yield "too deep", encoded({**good, "data": {"service": "copilot_chat", "metadata": 0}}).replace(
        b'"metadata": 0', b'"metadata": ' + DEEP.encode()
    )
    yield "NaN", encoded(good).replace(b'"specversion": "1.0"', b'"specversion": NaN')
    yield "trailing text", encoded(good) + b"x"
    yield "huge", encoded({**good, "more": "x" * (1 << 20)})
    for name in ("specversion", "id", "source", "type"):
        yield f"{name} is missing", encoded({key: value for key, value in good.items() if key != name})
        for value in ("", 7, None, "nul\0", "lone\ud800"):
            yield f"{name} is {value!r}", encoded({**good, name: value})
        yield f"{name} twice", encoded(good).replace(f'"{name}":'.encode(), f'"{name}": "x", "{name}":'.encode(), 1)
    yield "another version", encoded({**good, "specversion": "2.0"})
    yield "a long id", encoded({**good, "id": "i" * 129})
    yield "a long source", encoded({**good, "source": "/" + "s" * 255})
    yield "another type", encoded({**good, "type": "usage.unheard"})
    for time in ("yesterday", 7, "2026-13-01T00:00:00Z"):
        yield f"time {time!r}", encoded({**good, "time": time})
    if type == "usage.recorded":
        for subject in SUBJECTS + [None, 7]:
            yield f"subject {subject!r}", encoded({**good, "subject": subject})
        yield "no time", encoded({key: value for key, value in good.items() if key != "time"})
        for data in (None, [], "x", {}, {"service": ""}, {"service": 7}, {"service": "nul\0"}, {"service": "s" * 129}):
            yield f"data {data!r}", encoded({**good, "data": data})
        for field in ("quantity", "tokens"):
            for value in ("7", [], True):
                yield f"{field} {value!r}", encoded({**good, "data": {"service": "copilot_chat", field: value}})
        for metadata in ([], "x", 7, {"m": "x" * 9000}):
            yield f"metadata {str(metadata)[:20]}", encoded({**good, "data": {"service": "copilot_chat", "metadata": metadata}})


def bury_all(world, type, exchange, key, queue):
    """Every message that is no event lies in the dead letters, as it was, with a reason and words that never show its content."""
    made = list(envelopes(type))
    fields = lambda number: properties(content_type=STRUCTURED, headers={"number": str(number)})
    world.publish(*[Message(exchange, key, body, fields(n)) for n, (_, body) in enumerate(made)], user="purser-gateway")
    dead = wait_for_dead(world, queue, len(made), [words for words, _ in made])
    for number, (properties_, body) in dead.items():
        words, sent = made[number]
        equal(body, sent, f"the body of {words}")
        headers = properties_.headers
        expect(headers.get("purser-reason") and headers.get("purser-error"), f"{words}: no reason in {headers}")
        equal(headers.get("purser-key"), key, f"purser-key of {words}")
    reasons = {properties_.headers["purser-reason"] for properties_, _ in dead.values()}
    print(f"    {len(made)} dead letters: {', '.join(sorted(reasons))}", flush=True)


def wait_for_dead(world, queue, count, words):
    found = {}

    def all_there():
        for fields, body in world.reader.take_all(queue):
            found[int((fields.headers or {}).get("number", -1))] = (fields, body)
        return len(found) == count

    try:
        wait_for("all of them in the dead letters", all_there, 20)
    except AssertionError:
        missing = [words[n] for n in range(count) if n not in found]
        raise AssertionError(f"{len(missing)} are not in {queue}: {missing[:8]}") from None
    return found


def odd_but_good(world):
    """SQL and HTML in every text, unknown fields, other people's ids: no error of ours, no effect on others."""
    for number, odd in enumerate((SQL, HTML, "日本語", "%s%n", "\\x00", "' OR 1=1 --")):
        who = f"org-odd-{number}"
        data = {"tokens": 10, "reason": odd, "idempotency_key": odd, "actor": odd, "more": {"nested": [odd]}}
        equal(world.ask_ok(event("billing.grant", who, data))["balance"], 10, f"a grant with {odd}")
        world.rate(odd, 2)
        sent = usage(who, odd, 1, metadata={odd: odd}, source=f"/{number}", unknown=odd)
        equal(world.ask_ok(sent)["balance"], 8, f"usage of {odd}")
        equal(world.recorded(sent)["metadata"], {odd: odd}, "the metadata")
        world.ask_refused(usage(odd if odd.isascii() else "x", "copilot_chat"), "unknown_organization")


def unknown_ids(world):
    """Ids that are not there, and those of others."""
    other = world.organization(50)
    world.ask_ok(event("meter.hold", other, {"hold_id": "theirs", "service": "copilot_chat", "timeout_seconds": 600}))
    wait_for("everything to be drained", world.drained)
    before = world.snapshot()
    for type in ("meter.hold_capture", "meter.hold_release"):
        data = {"hold_id": "theirs", **({"tokens": 1} if "capture" in type else {})}
        world.ask_refused(event(type, WHO, data), "hold_not_found")
    for type in ("billing.adjust", "billing.wallet_suspend", "billing.wallet_settings", "meter.check"):
        world.ask_refused(event(type, "nobody-at-all", TYPES[type][0]), "unknown_organization")
    world.unchanged(before)


def strange_types(world):
    """Types that nobody handles, content types that nobody reads."""
    for key, queue in (("billing.unheard", "purser.billing.dead"), ("meter.unheard", "purser.meter.dead")):
        world.publish(message(event(key, WHO, {}), key), user="purser-operator")
        wait_for("the dead letter", lambda queue=queue: world.reader.waiting(queue) == 1)
        equal(world.reader.take_all(queue)[0][0].headers["purser-reason"], "unknown_type", "the reason")
    sent = encoded(usage(WHO, "copilot_chat"))
    for content_type in ("text/html", "application/xml", BATCH):
        world.publish(Message("purser.usage", WHO, sent, properties(content_type=content_type)))
        wait_for(f"the dead letter of {content_type}", lambda: world.reader.waiting("purser.usage.dead") == 1)
        expect(world.reader.take_all("purser.usage.dead")[0][0].headers["purser-reason"], "no reason")


def guarded(world, function, *arguments):
    before = world.snapshot()
    function(world, *arguments)
    wait_for("everything to be drained", world.drained)
    world.unchanged(before)


def prepare(world):
    programs = [world.billing(), world.meter()]
    world.purser_ok("rates", "load", "ops/demo-rates.json")
    wait_for("the rates", lambda: world.value("SELECT count(*) FROM service_rates") == 6)
    world.grant(WHO, 100)
    world.ask_ok(usage(WHO, "copilot_chat", 3, id="debited"))
    world.ask_ok(event("meter.hold", WHO, {"hold_id": "there", "service": "copilot_chat", "quantity": 3, "timeout_seconds": 6000}))
    wait_for("everything to be drained", world.drained)
    return programs


def main():
    with World("bad") as world:
        programs = prepare(world)
        for type in TYPES:
            suite.run(f"{type}: bad data is refused by the field's name, and nothing changes", guarded, world, refuse_all, type)
        for type, exchange, key, queue in [
            ("usage.recorded", "purser.usage", WHO, "purser.usage.dead"),
            ("meter.check", "purser.commands", "meter.check", "purser.meter.dead"),
            ("billing.grant", "purser.commands", "billing.grant", "purser.billing.dead"),
        ]:
            suite.run(
                f"{type}: what is no event lies in the dead letters with its reason", guarded, world, bury_all, type, exchange, key, queue
            )
        suite.run("unknown types and content types", guarded, world, strange_types)
        suite.run("unknown ids, and those of others", unknown_ids, world)
        suite.run("odd texts are texts", odd_but_good, world)
        for program in programs:
            suite.run(f"{program.log.stem} ends on SIGTERM", program.stop)
        suite.run("the identities of the ledger hold", world.check_identities)
    suite.finish()


main()
