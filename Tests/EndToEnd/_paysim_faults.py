"""What the simulator does wrong on command, and what its books still know afterwards."""

import concurrent.futures
import os
import pathlib
import subprocess
import time
import uuid

import httpx
import pypaystack2.exceptions
import stripe

import _paysim_paystack as paystack
from _paysim import required
from _paysim_stripe import client, pay, refused
from _suite import Suite, equal, expect, wait_for

suite = Suite("paysim, faults")


def broken(action):
    """The call ends without an answer."""
    return refused(stripe.APIConnectionError, action)


@suite.test("no answer before the charge, no answer after it, half an answer")
def silence(simulator):
    api = client(simulator)
    for kind, charges in [("timeout_before", 0), ("drop_before", 0), ("timeout_after", 1), ("drop", 1)]:
        key = f"{kind}-{uuid.uuid4()}"
        simulator.fault(kind, gateway="stripe", path="/v1/payment_intents", ms=300)
        broken(lambda: pay(api, key=key, metadata={"reference": key}))
        equal(len(simulator.charges(reference=key)), charges, f"{kind}: charges")
        equal(pay(api, key=key, metadata={"reference": key}).status, "succeeded", f"{kind}: the same key again")
        equal(len(simulator.charges(reference=key)), 1, f"{kind}: charges in the end")


@suite.test("500 with and without a charge, 409, declines on command, skipped and counted")
def refusals(simulator):
    api, key = client(simulator), str(uuid.uuid4())
    simulator.fault("error_500_after", gateway="stripe")
    equal(refused(stripe.APIError, lambda: pay(api, key=key, metadata={"reference": key})).http_status, 500, "a server error")
    equal(len(simulator.charges(reference=key, status="succeeded")), 1, "charged all the same")
    simulator.fault("conflict", gateway="stripe")
    equal(refused(stripe.APIError, lambda: pay(api)).http_status, 409, "a conflict")
    simulator.fault("decline", gateway="stripe", count=2, skip=1, code="lost_card")
    equal(pay(api).status, "succeeded", "the one that is let through")
    for _ in "ab":
        equal(refused(stripe.CardError, lambda: pay(api)).error.decline_code, "lost_card", "a decline on command")
    equal(pay(api).status, "succeeded", "the next")
    simulator.fault("rate_limit", path="/v1/refunds*", count=0)
    equal(pay(api).status, "succeeded", "another path")
    refused(stripe.RateLimitError, lambda: api.v1.refunds.list())
    simulator.clear_faults()
    api.v1.refunds.list()


@suite.test("Paystack: silence and half answers, and verify knows better")
def paystack_silence(simulator):
    api, email = paystack.client(simulator), "silent@example.com"
    code = paystack.authorize(simulator, email)
    for kind, charges in [("timeout_before", 0), ("drop", 1), ("timeout_after", 1)]:
        reference = f"r-{kind.replace('_', '-')}"
        simulator.fault(kind, gateway="paystack", path="/transaction/charge_authorization", ms=300)
        refused(pypaystack2.exceptions.ClientNetworkError, lambda: paystack.charge(api, email, code, reference))
        equal(len(simulator.charges(reference=reference)), charges, f"{kind}: charges")
        equal(api.transactions.verify(reference).status, bool(charges), f"{kind}: verified")


@suite.test("the books survive kill -9: charges, objects, keys")
def books(simulator):
    api = client(simulator)
    customer = api.v1.customers.create({"name": "Survivor"})
    kept = {}
    for number in range(20):
        key = f"survive-{number}-{uuid.uuid4()}"
        kept[key] = pay(api, key=key, metadata={"reference": key}).id
    before = len(simulator.charges())
    simulator.kill()
    with simulator.books.open("ab") as file:
        file.write(b'[["charge","ch_torn",{"id":')
    simulator.start()
    equal(len(simulator.charges()), before, "charges after the restart")
    equal(api.v1.customers.retrieve(customer.id).name, "Survivor", "an object")
    for key, intent in kept.items():
        again = pay(api, key=key, metadata={"reference": key})
        equal((again.id, again.last_response.headers["Idempotent-Replayed"]), (intent, "true"), "a key")
    equal(pay(api).status, "succeeded", "a charge after the restart")


@suite.test("killed at any moment, whoever got an answer is in the books")
def killed(simulator):
    answered = []

    def one(worker):
        api = client(simulator)
        for number in range(1_000):
            key = f"killed-{worker}-{number}-{os.getpid()}"
            try:
                answered.append((key, pay(api, key=key, metadata={"reference": key}).id))
            except stripe.APIConnectionError:
                return

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        workers = [pool.submit(one, worker) for worker in range(4)]
        wait_for("enough charges", lambda: len(answered) > 40)
        simulator.kill()
        for worker in workers:
            worker.result()
    simulator.start()
    known = {each["reference"]: each["payment"] for each in simulator.charges()}
    for key, intent in answered:
        equal(known.get(key), intent, f"the charge of {key}")


@suite.test("eight clients have 120 charges a second from a simulator that answers in 50 ms")
def speed(simulator):
    simulator.control("POST", "delay", {"ms": 50})
    body = {"amount": "1000", "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true"}
    count = 60

    def one(_):
        with httpx.Client(base_url=simulator.url, headers={"Authorization": "Bearer sk_test_speed"}) as session:
            for _ in range(count):
                equal(session.post("/v1/payment_intents", data=body).status_code, 200, "a charge")

    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    rate = 8 * count / (time.monotonic() - begun)
    simulator.control("POST", "delay", {"ms": 0})
    print(f"    {rate:.0f} charges a second", flush=True)
    # The full figure is the bench's to reach on a release build; a lock held over the delay would give 20.
    expect(rate > 60, f"only {rate:.0f} charges a second")


@suite.test("wrong settings end it with 78, an address or books that are taken with 69, SIGTERM well and in the middle of a silence")
def endings(simulator):
    program = pathlib.Path(required("PURSER_TEST_PROGRAMS")) / "purser-paysim"

    def run(**environment):
        done = subprocess.run([program], env={"PATH": os.environ["PATH"], **environment}, capture_output=True, timeout=20, check=False)
        return done.returncode

    other = str(simulator.folder / "other-books")
    equal(run(PURSER_PAYSIM_ADDRESS="nowhere"), 78, "a wrong address")
    equal(run(PURSER_PAYSIM_BOOKS="/nowhere/books"), 78, "a folder that is not there")
    equal(run(PURSER_PAYSIM_BOOKS=str(simulator.books), PURSER_PAYSIM_ADDRESS="127.0.0.1:0"), 69, "books in use")
    equal(run(PURSER_PAYSIM_STRIPE_WEBHOOK_URL="http://127.0.0.1:1/", PURSER_PAYSIM_BOOKS=other), 78, "events without a secret")
    equal(run(PURSER_PAYSIM_ADDRESS=simulator.address, PURSER_PAYSIM_BOOKS=other), 69, "an address in use")
    simulator.fault("timeout_after", gateway="stripe", ms=60_000)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(broken, lambda: pay(client(simulator), metadata={"reference": "at-the-end"}))
        wait_for("the charge", lambda: simulator.charges(reference="at-the-end"))
        equal(simulator.stop(), 0, "the exit code")
        waiting.result()
