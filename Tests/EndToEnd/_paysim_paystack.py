"""Paystack's side of the simulator, driven by the package `pypaystack2`, unchanged but for its address."""

import json
import uuid

import pypaystack2
from pypaystack2.base_clients import AbstractAPIClient
from pypaystack2.enums import Currency

from _paysim import PAYSTACK_KEY, browse
from _suite import Suite, equal, expect, wait_for

suite = Suite("paysim, Paystack")


def client(simulator, key=PAYSTACK_KEY):
    # The package has no option for it.
    AbstractAPIClient._BASE_URL = simulator.url
    return pypaystack2.PaystackClient(key)


def authorize(simulator, email, card=""):
    return simulator.control("POST", "paystack/authorizations", {"email": email, "card": card})["authorization_code"]


def charge(api, email, code, reference=None, amount=50_000):
    return api.transactions.charge(amount=amount, email=email, auth_code=code, reference=reference or f"r-{uuid.uuid4().hex}")


@suite.test("a payment on the hosted page, verified, and the saved card charged again")
def hosted(simulator):
    api = client(simulator)
    begun = api.transactions.initialize(
        amount=120_000, email="ngozi@example.com", reference="p-hosted", callback_url="https://shop.example/back", currency=Currency.NGN)
    equal((begun.status, begun.message), (True, "Authorization URL created"), "the answer")
    equal(api.transactions.verify("p-hosted").data.status, "abandoned", "before the payment")
    status, place, _ = browse(begun.data.authorization_url, action="pay")
    equal((status, place), (303, "https://shop.example/back?trxref=p-hosted&reference=p-hosted"), "back to the shop")
    paid = api.transactions.verify("p-hosted")
    equal((paid.message, paid.data.status, paid.data.amount), ("Verification successful", "success", 120_000), "verified")
    authorization = paid.data.authorization
    # The package leaves it as it came.
    expect(authorization["reusable"] and authorization["signature"].startswith("SIG_"), authorization)
    again = charge(api, "ngozi@example.com", authorization["authorization_code"], "p-again")
    equal((again.status_code, again.message, again.data.status), (200, "Charge attempted", "success"), "charged again")
    equal(api.transactions.get_transaction(again.data.id).data.reference, "p-again", "fetched by its number")
    equal(browse(begun.data.authorization_url, action="pay")[1].split("?")[0], "https://shop.example/back", "paid twice")
    equal(len(simulator.charges(reference="p-hosted")), 1, "charges of the page")
    declined = api.transactions.initialize(amount=1_000, email="ngozi@example.com", reference="p-declined")
    equal(browse(declined.data.authorization_url, action="decline")[0], 402, "declined on the page")
    equal(api.transactions.verify("p-declined").data.status, "failed", "afterwards")


@suite.test("a customer is found by e-mail and by code, with the cards that can be charged")
def customers(simulator):
    api = client(simulator)
    code = authorize(simulator, "cards@example.com")
    charge(api, "cards@example.com", code)
    found = api.customers.get_customer("cards@example.com").data
    equal(([each.authorization_code for each in found.authorizations], found.total_transactions), ([code], 1), "by e-mail")
    equal(api.customers.get_customer(found.customer_code).data.email, "cards@example.com", "by code")
    equal(api.customers.get_customer("nobody@example.com").status_code, 404, "nobody")


@suite.test("a reference is charged once, and what is refused leaves it free")
def references(simulator):
    api, reference = client(simulator), "r-once"
    code = authorize(simulator, "once@example.com")
    wrong = charge(api, "other@example.com", code, reference)
    equal((wrong.status_code, wrong.status), (400, False), "another e-mail address")
    expect(wrong.message.startswith("Email does not match Authorization code."), wrong.message)
    equal(charge(api, "once@example.com", "AUTH_none", reference).message, "Authorization code is invalid", "an unknown card")
    missing = api.transactions.verify(reference)
    equal((missing.status_code, missing.message), (400, "Transaction reference not found."), "a reference that nobody used")
    equal(charge(api, "once@example.com", code, reference).data.status, "success", "the first charge")
    second = charge(api, "once@example.com", code, reference)
    equal((second.status_code, second.message, second.code), (400, "Duplicate Transaction Reference", "duplicate_reference"), "the second")
    equal(len(simulator.charges(reference=reference)), 1, "charges")
    equal(charge(api, "once@example.com", code, "not_allowed!").status_code, 400, "a reference with other characters")
    equal(client(simulator, "nobody").transactions.verify(reference).message, "Invalid key", "a key that is none")


@suite.test("declines come with status, code and words")
def declines(simulator):
    api = client(simulator)
    for name, code, network in [("insufficient_funds", "insufficient_funds", "51"), ("41", "pickup_lost_card", "41"),
                                ("do_not_honor", "do_not_honor", "05"), ("54", "expired_card", "54"), ("91", "issuer_or_switch_inoperative", "91")]:
        answer = charge(api, "no@example.com", authorize(simulator, "no@example.com", f"sim_decline_{name}"))
        data = answer.raw["data"]
        equal((answer.status_code, answer.status, answer.message), (200, True, "Charge attempted"), name)
        equal((data["status"], data["gateway_response_code"], data["response_code"]), ("failed", code, network), name)
        expect(data["gateway_response"] and answer.data is not None, f"{name}: {data}")
        equal(api.transactions.verify(data["reference"]).data.status, "failed", f"{name}: verified")
    simulator.fault("decline", gateway="paystack", code="insufficient_funds")
    code = authorize(simulator, "yes@example.com")
    equal(charge(api, "yes@example.com", code).data.status, "failed", "a decline on command")
    equal(charge(api, "yes@example.com", code).data.status, "success", "the next")


@suite.test("cards that cannot be used again, and one that asks for its owner")
def authorizations(simulator):
    api, email = client(simulator), "cards@example.com"
    expect("Email does not match" in charge(api, email, authorize(simulator, email, "sim_single_use")).message, "a card for one use")
    code = authorize(simulator, email)
    deactivated = api.customers.deactivate(code)
    equal((deactivated.status_code, deactivated.status), (200, True), "deactivated")
    equal(api.customers.deactivate(code).status_code, 404, "deactivated twice")
    expect("Email does not match" in charge(api, email, code).message, "a deactivated card")
    asked = charge(api, email, authorize(simulator, email, "sim_challenge"), "r-challenge").raw["data"]
    equal(asked["paused"], True, "a challenge")
    equal(api.transactions.verify("r-challenge").data.status, "ongoing", "before the owner came")
    browse(asked["authorization_url"], action="pay")
    equal(api.transactions.verify("r-challenge").data.status, "success", "after he came")


@suite.test("refunds: queued, processed or failed, in parts, and never too much")
def refunds(simulator):
    api, email = client(simulator), "back@example.com"
    simulator.control("POST", "settle", {"after_ms": 100})
    charge(api, email, authorize(simulator, email), "r-back", 10_000)
    made = api.refunds.create("r-back", amount=4_000)
    equal((made.message, made.data.status), ("Refund has been queued for processing", "pending"), "a part")
    wait_for("the refund to be processed", lambda: api.refunds.get_refund(made.data.id).data.status == "processed")
    equal(api.transactions.verify("r-back").data.status, "success", "partly refunded")
    equal(api.refunds.create("r-back", amount=6_001).status_code, 400, "too much")
    api.refunds.create("r-back")
    equal(api.transactions.verify("r-back").data.status, "reversed", "wholly refunded")
    equal(api.refunds.create("r-back").message, "Transaction has been fully reversed", "once more")
    equal(simulator.charges(reference="r-back")[0]["refunded"], 10_000, "what the books say")
    charge(api, email, authorize(simulator, email, "sim_refund_fail"), "r-fail", 10_000)
    failing = api.refunds.create("r-fail")
    wait_for("the refund to fail", lambda: api.refunds.get_refund(failing.data.id).data.status == "failed")
    equal(api.transactions.verify("r-fail").data.status, "success", "after a refund that failed")
    expect(len(api.refunds.get_refunds().data) >= 3, "the list of refunds")


@suite.test("transactions and disputes are listed in pages")
def lists(simulator):
    api, email = client(simulator), "many@example.com"
    code = authorize(simulator, email)
    for number in range(7):
        charge(api, email, code, f"r-many-{number}", 123_400)
    found = api.transactions.get_transactions(amount=123_400, pagination=3, page=2)
    equal([each.reference for each in found.data], ["r-many-3", "r-many-2", "r-many-1"], "the second page")
    equal((found.raw["meta"]["total"], found.raw["meta"]["pageCount"]), (7, 3), "the count")
    simulator.control("POST", "disputes", {"reference": "r-many-0", "reason": "fraud"})
    listed = api.disputes.get_disputes(start_date="2020-01-01", end_date="2099-01-01")
    equal([each["transaction"]["reference"] for each in listed.raw["data"]], ["r-many-0"], "disputes")


@suite.test("events arrive signed")
def webhooks(simulator, receiver):
    api, email = client(simulator), "event@example.com"
    receiver.clear()
    simulator.control("POST", "webhooks/settings", {"paystack_url": receiver.url + "/paystack"})
    charge(api, email, authorize(simulator, email), "r-event", 5_000)
    api.refunds.create("r-event")

    def names():
        return {json.loads(body)["event"] for _, body in receiver.taken("/paystack")}

    wanted = {"charge.success", "refund.pending", "refund.processing", "refund.processed"}
    wait_for("the events of a charge and its refund", lambda: names() == wanted)
    for headers, body in receiver.taken("/paystack"):
        expect(api.is_verified_webhook_payload(body, headers["x-paystack-signature"]), "a signature is wrong")
    simulator.control("POST", "webhooks/settings", {"paystack_url": None})
