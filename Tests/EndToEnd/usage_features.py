"""U1 to U11 through the real broker and the real database: every row of the list in product.md and what messages.md says of it.

usage: usage_features.py [PART OF A TITLE]"""

import sys

import _debits
import _delivery

import _holds
import _wallets
from _purser import PARTITIONS, World
from _suite import Suite, equal, expect, wait_for

suite = Suite("usage")


def two_meters(world):
    """Both started together, each with its own half of the partitions."""
    meters = [world.meter("--shard", f"{number}/2", ready=False) for number in (1, 2)]
    for meter in meters:
        world.await_ready(meter, "purser-meter")

    def halves():
        rows = world.rows("SELECT partitions FROM consumer_heartbeats WHERE program = 'meter' AND seen_at > now() - interval '20 s'")
        return len(rows) == 2 and all(row["partitions"] for row in rows) and sum(len(row["partitions"]) for row in rows) == len(PARTITIONS)

    wait_for("each meter to serve its own partitions", halves, 30)
    return meters


def main():
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    with World("usage") as world:
        world.shorten_delays()
        meters = two_meters(world)
        billing = world.billing()
        world.purser_ok("rates", "load", "ops/demo-rates.json")
        wait_for("the rates", lambda: world.value("SELECT count(*) FROM service_rates") == 6)
        for service in ("premium", "standard"):
            world.rate(service, 10, trial_eligible=True, unlimited_eligible=service == "premium")
        world.rate("plain", 10)
        suite.run("U3: 100 concurrent debits of 1 on a balance of 50 give 50 successes, through two meters", _debits.hundred, world)
        suite.run("O2: a meter that is asked to stop hands its partitions over", meters.pop().stop)
        sweep = _holds.start_sweep(world)
        for part in (_debits, _holds, _wallets, _delivery):
            part.register(suite)
        suite.run_all(world, only=only)
        suite.run(
            "U6: the sweep releases a hold whose end has passed; a capture dated before it is a late debit",
            _holds.finish_sweep,
            world,
            sweep,
        )
        suite.run("nothing waits, and nobody lies in the dead letters", lambda: finish(world))
        suite.run("the identities of the ledger hold", world.check_identities)
        for program in (*meters, billing):
            suite.run(f"{program.log.stem} ends on SIGTERM", program.stop)
        suite.run("no event was announced under two contents", lambda: stable_ids(world))
        suite.run("every answer and event is what topology/schemas describes", lambda: equal(sorted(world.breaches), [], "breaches"))
    suite.finish()


def finish(world):
    wait_for("everything to be drained", world.drained, 20)
    equal(world.dead_letters(), 0, "dead letters")


def stable_ids(world):
    seen = {}
    for each in world.announced():
        expect(seen.setdefault(each["id"], each) == each, lambda each=each: f"two events of the id {each['id']}")
    expect(seen, "no event was announced")


main()
