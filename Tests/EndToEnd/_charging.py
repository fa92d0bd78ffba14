"""A shop of a test's own: billing before the payment simulator, and what purchases have to come to whatever happens."""

import base64
import random
import time

import _events
from _paysim import PAYSTACK_KEY, STRIPE_SECRET, Simulator
from _purser import World
from _suite import TimedOut, equal, expect, wait_for

# The delay ladder by the topology's test time scale. Under time travel a reminder carries the moment at which it is due, so that hours
# pass for billing while milliseconds pass for us.
SCALE = {"10s": 100, "1m": 150, "10m": 200, "1h": 250, "6h": 300, "1d": 350, "2d": 400}

# Where a charge can be cut: the program's own places, and what the gateway may do.
POINTS = (
    "received loaded decided before-commit before-call after-call after-commit before-publish after-publish after-confirm before-forget "
    "before-ack after-ack"
).split()
FAULTS = [None, "drop_before", "drop", "error_500", "error_500_after", "rate_limit", "conflict", "delay"]
SETTLED = ("completed", "failed", "cancelled")


class Shop:
    def __init__(self, name):
        self.simulator = Simulator(f"{name}-paysim")
        try:
            self.world = World(name)
        except BaseException:
            self.simulator.kill()
            raise
        self.world.shorten_delays(SCALE.items(), ["billing"])
        self.buyers, self.program, self.deaths = 0, None, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.world.remove()
        self.simulator.kill()

    # The program

    def variables(self, **more):
        base = self.simulator.url
        gateways = {"STRIPE_SECRET_KEY": "sk_test_of_a_test", "STRIPE_API_BASE": base, "STRIPE_WEBHOOK_SECRET": STRIPE_SECRET}
        gateways |= {"PAYSTACK_SECRET_KEY": PAYSTACK_KEY, "PAYSTACK_API_BASE": base}
        return {**gateways, "PURSER_TIME_TRAVEL": "1", "PURSER_LOG_FORMAT": "json", **more}

    def start(self, lanes=1, point=None, ready=True, **environment):
        more = {"PURSER_LANES": str(lanes), **environment} | ({"PURSER_CRASH_POINT": point} if point else {})
        self.program = self.world.billing(ready=ready, **self.variables(**more))
        return self.program

    def restart(self):
        if self.program is not None:
            self.program.kill()
        return self.start()

    def stop(self):
        if self.program is not None and self.program.running:
            self.program.stop()

    # Buyers

    def buyer(self, gateway="stripe", card=None):
        """An organization with a saved card."""
        self.buyers += 1
        name = f"buyer-{self.buyers}"
        data = {"gateway": gateway, "reference": card or "pm_card_visa"}
        if gateway == "paystack":
            email = f"{name}@example.com"
            made = self.simulator.control("POST", "paystack/authorizations", {"card": card or "", "email": email})
            data = {"gateway": gateway, "reference": made["authorization_code"], "email": email}
        self.world.command("billing.payment_method_add", name, data)
        return name

    def order(self, organization, **more):
        """A request to buy, not sent yet."""
        return _events.event("billing.purchase", organization, {"package_id": "starter", **more})

    def purchases(self, organizations):
        text = "SELECT * FROM token_purchases WHERE organization_id = ANY(%s) ORDER BY id"
        return self.world.rows(text, list(organizations))

    def settled(self, organizations):
        found = self.purchases(organizations)
        return len({each["organization_id"] for each in found}) == len(set(organizations)) and all(
            each["status"] in SETTLED for each in found
        )

    def charges(self):
        """Successful charges by our own reference."""
        found = {}
        for charge in self.simulator.charges(status="succeeded"):
            found.setdefault(charge["metadata"]["purchase_reference_id"], []).append(charge)
        return found

    # What has to hold

    def check(self, organizations):
        """One charge and one credit per completed purchase, none for any other."""
        charges = self.charges()
        for purchase in self.purchases(organizations):
            reference, status = purchase["purchase_reference_id"], purchase["status"]
            kept = [each for each in charges.get(reference, []) if (each["refunded"] or 0) < each["captured"]]
            equal(len(kept), 1 if status == "completed" else 0, f"charges of {reference}, which is {status}")
            equal(len(charges.get(reference, [])), len(kept), f"charges of {reference} that were given back")
            rows = self.world.rows(
                "SELECT amount FROM token_balance_history WHERE type = 'purchase' AND purchase_reference_id = %s", reference
            )
            equal([row["amount"] for row in rows], [purchase["tokens"]] if status == "completed" else [], f"credits of {reference}")
            invoices = self.world.value("SELECT count(*) FROM invoices WHERE purchase_id = %s", purchase["id"])
            equal(invoices, 1 if status == "completed" else 0, f"invoices of {reference}")

    def check_all(self):
        """The identities of everything so far: nothing in the books that is not in the tables, no gap, no dead letter."""
        known = {row["purchase_reference_id"] for row in self.world.rows("SELECT purchase_reference_id FROM token_purchases")}
        expect(set(self.charges()) <= known, "a charge of no purchase")
        row = self.world.row("SELECT count(*), coalesce(max(count), 0) AS newest FROM invoices")
        equal(row["count"], row["newest"], "numbers of invoices without a gap")
        equal(self.world.dead_letters(), 0, "dead letters")
        self.world.check_identities()


class Rounds:
    """Random combinations of deaths of the program and faults of the gateway, one after the other, from a printed seed."""

    def __init__(self, shop, seed, slow=False):
        self.shop, self.random, self.slow = shop, random.Random(seed), slow
        self.points, self.faults, self.may_die_again = set(), set(), True

    def combination(self):
        choose = self.random
        return {
            "gateway": choose.choice(["stripe", "stripe", "paystack"]),
            "lanes": choose.choice([1, 8]),
            "point": f"{choose.choice(POINTS)}:{choose.randint(1, 3)}",
            "fault": choose.choice(FAULTS + (["timeout_after", "timeout_before"] if self.slow and choose.random() < 0.1 else [])),
            "count": choose.randint(1, 3),
            "copies": choose.choice([1, 1, 2, 5]),
            "apart": choose.random() < 0.3,
        }

    def run(self, number):
        """One combination; its words are in every failure."""
        combination = self.combination()
        try:
            self._run(combination)
        except Exception as error:
            raise type(error)(f"round {number}, {combination}: {error}") from error

    def _run(self, wanted):
        shop = self.shop
        self.may_die_again = True
        # The last one of the round before may be armed still.
        shop.restart()
        organization = shop.buyer(wanted["gateway"]) if wanted["gateway"] == "stripe" else self.paystack_buyer()
        shop.program.kill()
        shop.start(wanted["lanes"], wanted["point"], ready=False)
        self.points.add(wanted["point"].split(":")[0])
        self.faults.add(wanted["fault"])
        if wanted["fault"]:
            path = "/v1/payment_intents*" if wanted["gateway"] == "stripe" else "/transaction*"
            shop.simulator.fault(wanted["fault"], path=path, count=wanted["count"], ms=200 if wanted["fault"] == "delay" else 16000)
        order = shop.order(organization, execute=not wanted["apart"], **self.item(wanted["gateway"]))
        shop.world.publish(*[order] * wanted["copies"], user="purser-gateway")
        if wanted["apart"]:
            self.execute(organization)
        self.await_end(organization)
        shop.simulator.clear_faults()
        shop.check([organization])

    def item(self, gateway):
        return {"package_id": "starter"} if gateway == "stripe" else {"package_id": "naira"}

    def paystack_buyer(self):
        if not self.shop.world.value("SELECT count(*) FROM token_packages WHERE id = 'naira'"):
            package = {"id": "naira", "name": "Naira", "tokens": 100, "price": "50000.00", "currency": "NGN"}
            self.shop.world.command("billing.package_set", None, package)
        return self.shop.buyer("paystack")

    def execute(self, organization):
        """Sent as soon as the purchase is there, by whichever life of the program."""
        reference = self.alive("the purchase to be initialized", lambda: self.reference(organization))
        message = _events.event("billing.purchase_execute", organization, {"purchase_reference_id": reference})
        self.shop.world.publish(message, message, user="purser-gateway")

    def reference(self, organization):
        found = self.shop.purchases([organization])
        return found[0]["purchase_reference_id"] if found else None

    def await_end(self, organization):
        self.alive("the purchase to be settled", lambda: self.shop.settled([organization]))

    def alive(self, what, condition, seconds=60):
        """Waits while dead programs are started again, now and then only to die once more. Not a third time: then the message is poison."""
        deadline = time.monotonic() + seconds
        while True:
            answer = condition()
            if answer:
                return answer
            if not self.shop.program.running:
                self.shop.deaths += 1
                again = self.may_die_again and self.random.random() < 0.3
                self.may_die_again = self.may_die_again and not again
                point = f"{self.random.choice(POINTS)}:{self.random.randint(1, 2)}" if again else None
                self.shop.start(self.random.choice([1, 8]), point, ready=False)
            if time.monotonic() > deadline:
                raise TimedOut(f"not within {seconds} s: {what}")
            time.sleep(0.02)


def webhook(delivered, organization=None):
    """An event of the simulator as the message that the HTTP side makes of it."""
    headers, body = delivered
    gateway = "stripe" if "Stripe-Signature" in headers else "paystack"
    kept = {name: value for name, value in headers.items() if "signature" in name.lower()}
    data = {"gateway": gateway, "headers": kept, "body": base64.b64encode(body).decode()}
    return _events.event("billing.gateway_event", organization, data)


def wait_settled(shop, organizations, seconds=30):
    wait_for("every purchase to be settled", lambda: shop.settled(organizations), seconds)
