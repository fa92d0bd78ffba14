"""A meter of two lanes dies again and again while it handles what came back: company accuses a message once, a death alone just the one
that was in hand, and what came back to be handled is not lost or given up."""

import time

from _events import usage
from _purser import World
from _suite import Suite, TimedOut, equal, expect, wait_for

suite = Suite("poison")

NOTED = "SELECT count(*) FROM suspect_messages WHERE crashes >= %s"
DONE = "SELECT count(*) FROM token_balance_history WHERE type = 'usage' AND source = %s"


def died(world, point):
    meter = world.meter("--lanes", "2", ready=False, PURSER_CRASH_POINT=point)
    try:
        wait_for(f"the meter to die at {point}", lambda: not meter.running, 15)
    except TimedOut:
        meter.kill()
        raise


def spread(world, source, count):
    """Over all partitions: many organizations."""
    organizations = [world.organization(100_000) for _ in range(24)]
    events = [usage(organizations[number % 24], "copilot_chat", source=source) for number in range(count)]
    world.publish(*events)
    return events


def notes(world):
    """How often each message is accused."""
    return {(row["queue"], row["message_key"]): row["crashes"] for row in world.rows("SELECT * FROM suspect_messages WHERE crashes > 0")}


def accused_one_by_one(world):
    source = "/poison/accused"
    events = spread(world, source, 48)
    died(world, "received:1")
    alone = 0
    # What was not in hand before is handled in company first, and only then one of the accused alone: so it takes a few deaths.
    for _ in range(16):
        before = notes(world)
        died(world, "noted:1")
        hit = {key: crashes for key, crashes in notes(world).items() if crashes > before.get(key, 0)}
        expect(hit, "a death while messages were noted left no note")
        if any(key in before for key in hit):
            equal(len(hit), 1, f"messages that were accused by a death alone: {hit}, before: {before}")
            alone += 1
        equal([crashes - before.get(key, 0) for key, crashes in hit.items()], [1] * len(hit), "accusations by one death")
        if alone == 2:
            break
    equal(alone, 2, "deaths of a message alone")
    # Who was hit three times by us is poison as far as anybody can know.
    lost = world.value(NOTED, 3)
    meter = world.meter("--lanes", "2")
    wait_for("everybody else", lambda: world.value(DONE, source) == len(events) - lost, 20)
    wait_for("the dead letters", lambda: world.reader.waiting("purser.usage.dead") == lost)
    wait_for("the notes to go", lambda: world.value(NOTED, 0) == 0)
    meter.stop()
    world.reader.take_all("purser.usage.dead")


def window_comes_back(world):
    source = "/poison/many"
    count = 4_000
    spread(world, source, count)
    died(world, "decided:2")
    begun = time.monotonic()
    done = world.value(DONE, source)
    meter = world.meter("--lanes", "2")
    wait_for("everything", lambda: world.value(DONE, source) == count, 120)
    print(f"    {count - done} events {time.monotonic() - begun:.1f} s after the start", flush=True)
    wait_for("everything to be drained", world.drained, 30)
    equal(world.dead_letters(), 0, "dead letters")
    equal(world.value(NOTED, 0), 0, "notes")
    meter.stop()


def main():
    with World("poison") as world:
        billing = world.billing()
        meter = world.meter()
        world.purser_ok("rates", "load", "ops/demo-rates.json")
        wait_for("the rates", lambda: world.value("SELECT count(*) FROM service_rates") == 6)
        meter.stop()
        suite.run("a death accuses one message of those that were accused before", accused_one_by_one, world)
        suite.run("a window that comes back is handled, and no note of it is left", window_comes_back, world)
        suite.run("purser-billing ends on SIGTERM", billing.stop)
        suite.run("the identities of the ledger hold", world.check_identities)
    suite.finish()


main()
