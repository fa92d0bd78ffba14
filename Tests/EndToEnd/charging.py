"""A purchase is charged once, however often it fails: deaths, faults, copies, the ladder, rollbacks, webhooks of the real simulator."""

import os
import random
import sys

import _events
from _charging import Rounds, Shop, wait_settled, webhook
from _paysim import Receiver, browse
from _suite import Suite, equal, expect, wait_for

ROUNDS = 50
suite = Suite("charging")


def rounds(shop, seed, count, slow=False):
    """Each combination is a test; the seed makes them come again."""
    played = Rounds(shop, seed, slow)
    for number in range(1, count + 1):
        suite.run(f"combination {number} of seed {seed}", played.run, number)
    print(f"{shop.deaths} deaths, at {len(played.points)} places; faults {sorted(str(each) for each in played.faults)}", flush=True)


@suite.test("an unknown outcome walks the ladder, is asked for and not charged again, and completes when the gateway is back")
def ladder(shop):
    organization = shop.buyer()
    # The call and the first six questions get no answer, neither by the key nor by the search; the charge was made by the first one.
    shop.simulator.fault("error_500_after", path="/v1/payment_intents*", count=1)
    shop.simulator.fault("error_500", path="/v1/payment_intents*", count=12, skip=1)
    answer = shop.world.ask(shop.order(organization))
    equal((answer["result"]["status"], answer["result"]["phase"]), ("processing", "unknown"), "the answer")
    refused = shop.world.ask_refused(shop.order(organization), "purchase_in_progress")
    equal(refused["purchase_reference_id"], answer["result"]["purchase_reference_id"], "the purchase in the way")
    wait_settled(shop, [organization])
    shop.simulator.clear_faults()
    purchase = shop.purchases([organization])[0]
    equal((purchase["status"], purchase["attempts"]), ("completed", 1), "the purchase")
    expect(purchase["asks"] >= 5, f"only {purchase['asks']} questions were asked in vain")
    shop.check([organization])


@suite.test("an outcome that stays unknown is parked at the end of the ladder")
def parked(shop):
    organization = shop.buyer()
    shop.simulator.fault("error_500", path="/v1/payment_intents*", count=0)
    shop.world.ask_ok(shop.order(organization))
    found = wait_for("the purchase to be parked", lambda: [p for p in shop.purchases([organization]) if p["phase"] == "parked"], 30)
    shop.simulator.clear_faults()
    equal(found[0]["asks"], 10, "questions: five steps and five days")
    alerts = "SELECT count(*) FROM token_audit_logs WHERE organization_id = %s AND action = 'operator_alert'"
    expect(shop.world.value(alerts, organization) >= 1, "no operator was told")
    equal(shop.charges().get(found[0]["purchase_reference_id"], []), [], "charges")
    # What is parked stands in nobody's way.
    shop.world.ask_ok(shop.order(organization))
    equal([p["status"] for p in shop.purchases([organization])], ["processing", "completed"], "both purchases")


@suite.test("eight lanes, copies of every message, and lost connections: one charge and one credit each")
def copies(shop):
    shop.stop()
    shop.start(lanes=8)
    organizations = [shop.buyer() for _ in range(12)]
    orders = [shop.order(organization, idempotency_key="k") for organization in organizations]
    messages = orders * 4
    random.Random(7).shuffle(messages)
    shop.simulator.fault("drop", path="/v1/payment_intents*", count=6, skip=3)
    shop.world.publish(*messages, user="purser-gateway")
    wait_settled(shop, organizations)
    shop.simulator.clear_faults()
    shop.check(organizations)
    equal({p["status"] for p in shop.purchases(organizations)}, {"completed"}, "purchases")


@suite.test("a page that is paid completes by the simulator's webhooks: ten copies of each, in disorder, one completion")
def page(shop):
    receiver = Receiver()
    try:
        shop.simulator.control("POST", "webhooks/settings", {"stripe_url": receiver.url + "/stripe"})
        checkout = {"success_url": "https://shop.example/done", "cancel_url": "https://shop.example/back"}
        shop.world.command("billing.wallet_open", "page-1")
        opened = shop.world.ask_ok(_events.event("billing.purchase", "page-1", {"package_id": "starter", "checkout": checkout}))
        equal((opened["status"], opened["phase"]), ("processing", "customer_action"), "the answer")
        status, place, _ = browse(opened["url"], action="pay")
        expect(status in (302, 303) and place.startswith("https://shop.example/done"), f"the page answered {status} {place}")
        taken = wait_for("the webhooks", lambda: len(receiver.taken()) >= 3 and receiver.taken())
        events = [webhook(each) for each in taken]
        copied = [dict(each, id=_events.new_id()) for each in events for _ in range(10)]
        random.Random(3).shuffle(copied)
        shop.world.publish(*copied, user="purser-gateway")
        wait_settled(shop, ["page-1"])
        deliveries = "SELECT min(deliveries) FROM gateway_events WHERE purchase_reference_id IS NOT NULL OR outcome = 'ignored'"
        wait_for("every copy to be handled", lambda: shop.world.value(deliveries) == 10)
        wait_for("everything to be told", shop.world.drained)
        shop.check(["page-1"])
        equal(len(shop.world.announced("purchase.completed", subject="page-1")), 1, "announcements")
        rows = shop.world.rows("SELECT type, outcome, deliveries FROM gateway_events ORDER BY type")
        expect(all(row["deliveries"] == 10 for row in rows), f"webhooks are counted: {rows}")
    finally:
        shop.simulator.control("POST", "webhooks/settings", {"stripe_url": None})
        receiver.close()


@suite.test("ten copies of a success webhook before, during and after the direct answer: one completion")
def success_webhooks(shop):
    receiver = Receiver()
    shop.stop()
    shop.start(lanes=8)
    try:
        shop.simulator.control("POST", "webhooks/settings", {"stripe_url": receiver.url + "/stripe"})
        for when in ("before", "during", "after"):
            organization = shop.buyer()
            receiver.clear()
            if when == "before":
                # Charged at once, answered two seconds later: the webhooks are far quicker.
                shop.simulator.fault("timeout_after", path="/v1/payment_intents", count=1, ms=2000)
            elif when == "during":
                shop.simulator.fault("timeout_after", path="/v1/payment_intents", count=1, ms=150)
            shop.world.publish(shop.order(organization), user="purser-gateway")
            if when == "after":
                wait_settled(shop, [organization])
            succeeded = wait_for(f"the webhook {when} the answer", lambda: [e for e in receiver.taken() if b"payment_intent.succeeded" in e[1]])
            event = webhook(succeeded[0])
            shop.world.publish(*[dict(event, id=_events.new_id()) for _ in range(10)], user="purser-gateway")
            wait_settled(shop, [organization], 10)
            answered = "SELECT count(*) FROM processed_requests WHERE consumer = 'billing' AND answer->'result'->>'organization' = %s"
            wait_for(f"the buyer to be answered ({when})", lambda: shop.world.value(answered, organization) == 1)
            reference = shop.purchases([organization])[0]["purchase_reference_id"]
            counted = "SELECT deliveries FROM gateway_events WHERE purchase_reference_id = %s AND type = 'payment_intent.succeeded'"
            wait_for(f"every copy to be handled ({when})", lambda: shop.world.value(counted, reference) == 10)
            wait_for(f"everything to be told ({when})", shop.world.drained)
            shop.check([organization])
            equal(len({e["id"] for e in shop.world.announced("purchase.completed", subject=organization)}), 1, f"announcements ({when})")
    finally:
        shop.simulator.clear_faults()
        shop.simulator.control("POST", "webhooks/settings", {"stripe_url": None})
        receiver.close()


@suite.test("1,000 purchases at once, a third of their last transactions rolled back: numbers without gap or double")
def rollbacks(shop):
    shop.stop()
    world = shop.world
    world.execute(
        """
        CREATE FUNCTION e2e_fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF random() < 1.0 / 3 THEN RAISE EXCEPTION 'rolled back by the test' USING ERRCODE = 'serialization_failure'; END IF;
            RETURN NULL;
        END $$
        """
    )
    world.execute(
        "CREATE CONSTRAINT TRIGGER e2e_fail AFTER INSERT ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION e2e_fail()"
    )
    # By the clock: a purchase that waits for a question would else complete at a later moment than the next one begins.
    shop.start(lanes=8, PURSER_TIME_TRAVEL="0")
    organizations = [shop.buyer() for _ in range(100)]
    before = world.value("SELECT count(*) FROM invoices")
    made = 0
    for _ in range(10):
        world.publish(*[shop.order(organization, idempotency_key=f"many-{made}") for organization in organizations], user="purser-gateway")
        made += len(organizations)
        # One purchase of a kind at a time per wallet, so that each round waits for the one before.
        completed = "SELECT count(*) FROM token_purchases WHERE organization_id = ANY(%s) AND status = 'completed'"
        wait_for(f"{made} purchases to be completed", lambda: world.value(completed, organizations) == made, 60)
    equal(world.value("SELECT count(*) FROM invoices") - before, made, "invoices")
    equal(made, 1000, "purchases")
    world.execute("DROP TRIGGER e2e_fail ON invoices")
    world.execute("DROP FUNCTION e2e_fail")
    shop.check(organizations)
    numbers = [row["count"] for row in world.rows("SELECT count FROM invoices WHERE count > %s ORDER BY issued_at, count", before)]
    expect(numbers == list(range(before + 1, before + made + 1)), "numbers are not in the order of their moments")


@suite.test("everything that was said fits the schemas, and the identities hold")
def end(shop):
    wait_for("every queue to be empty", shop.world.drained, 30)
    shop.world.announced()
    equal(shop.world.breaches, set(), "answers and events beside topology/schemas")
    shop.check_all()


def main():
    seed = int(os.environ.get("PURSER_TEST_SEED") or random.SystemRandom().randrange(1 << 32))
    count = int(os.environ.get("PURSER_TEST_ROUNDS") or ROUNDS)
    print(f"seed {seed}, {count} combinations", flush=True)
    with Shop("charging") as shop:
        shop.start()
        if not sys.argv[1:]:
            rounds(shop, seed, count, slow=count > ROUNDS)
        shop.restart()
        suite.run_all(shop, only=" ".join(sys.argv[1:]))
        suite.run("purser-billing ends on SIGTERM", shop.stop)
    suite.finish()


if __name__ == "__main__":
    main()
