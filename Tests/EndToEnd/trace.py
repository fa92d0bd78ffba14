"""The trace of 19,366 real requests, published three times over, shuffled, with 10 % of the messages repeated."""

import collections
import csv
import datetime
import json
import random
import threading

import _events
from _broker import STRUCTURED, Message, Publishing, properties
from _purser import ROOT, World
from _suite import Failed, Suite, equal, expect, wait_for

TRACE = ROOT / "Tests" / "Data" / "azure-llm-2023-conversation.csv"
ORGANIZATIONS = 40
SEED = 20231116
suite = Suite("trace")


def events():
    """The rows as events, moved to the present with their intervals kept."""
    with TRACE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.datetime.fromisoformat(row["TIMESTAMP"][:26]).replace(tzinfo=datetime.timezone.utc) for row in rows]
    shift = _events.moment() - times[-1]
    for number, (row, time) in enumerate(zip(rows, times)):
        tokens = int(row["ContextTokens"]) + int(row["GeneratedTokens"])
        yield _events.usage(
            f"org-{number % ORGANIZATIONS}", "llm.chat", tokens=tokens, id=f"{TRACE.name}:{number + 1}", source="/trace", time=time + shift
        )


def publish(world, made):
    """Three copies of everything and a tenth once more, shuffled, by three producers at once."""
    bodies = [(each["subject"], json.dumps(each).encode()) for each in made]
    order = list(range(len(bodies))) * 3
    chance = random.Random(SEED)
    order += chance.sample(order, len(order) // 10)
    chance.shuffle(order)
    fields = properties(content_type=STRUCTURED, type="usage.recorded")
    runs = [
        Publishing(world.amqp_as("purser-producer"), (Message("purser.usage", *bodies[n], fields) for n in order[start::3]), window=1000)
        for start in range(3)
    ]
    errors = []

    def run(each):
        try:
            each.run()
        except Exception as error:  # raised below, in the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=[each]) for each in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise Failed(f"publishing: {errors[0]}")
    equal((sum(each.confirmed for each in runs), sum(len(each.returned) for each in runs)), (len(order), 0), "confirmed and returned")


def check(world, made):
    wanted = collections.Counter()
    for each in made:
        wanted[each["subject"]] += each["data"]["tokens"]
    events_seen = lambda: world.value("SELECT count(*) FROM token_balance_history WHERE type = 'usage'") >= len(made)
    wait_for("every event in the ledger", events_seen, 120, every=0.2)
    wait_for("everything to be drained", world.drained, 60, every=0.2)
    text = """
        SELECT w.organization_id, w.current_balance, w.total_spent, count(h.*) AS rows, -sum(h.amount) AS tokens
        FROM organization_token_wallets w JOIN token_balance_history h ON h.wallet_id = w.id AND h.type = 'usage' GROUP BY w.id
    """
    found = {row["organization_id"]: row for row in world.rows(text)}
    equal({name: row["tokens"] for name, row in found.items()}, dict(wanted), "tokens per organization")
    equal({name: row["total_spent"] for name, row in found.items()}, dict(wanted), "total_spent per organization")
    equal(
        {name: row["current_balance"] for name, row in found.items()}, {name: 1_000_000_000 - wanted[name] for name in wanted}, "balances"
    )
    equal(sum(row["rows"] for row in found.values()), len(made), "ledger rows")
    equal(world.dead_letters(), 0, "dead letters")
    times = world.rows("SELECT event_id, occurred_at FROM token_balance_history WHERE type = 'usage'")
    known = {each["id"]: each["time"] for each in made}
    expect(all(_events.text(row["occurred_at"]) == known[row["event_id"]] for row in times), "an occurred_at is not the event's time")


def main():
    with World("trace") as world:
        meter, billing = world.meter(), world.billing()
        world.rate("llm.chat")
        for number in range(ORGANIZATIONS):
            world.grant(f"org-{number}", 1_000_000_000)
        made = list(events())
        equal(len(made), 19366, "rows of the trace")
        suite.run("63,907 confirmed messages", publish, world, made)
        suite.run("exactly the sum per organization, one ledger row per event", check, world, made)
        for program in (meter, billing):
            suite.run(f"{program.log.stem} ends on SIGTERM", program.stop)
        suite.run("the identities hold and purser ledger verify is clean", world.check_identities)
    suite.finish()


main()
