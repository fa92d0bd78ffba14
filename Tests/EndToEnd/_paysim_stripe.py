"""Stripe's side of the simulator, driven by the official package `stripe`, unchanged."""

import concurrent.futures
import json
import threading
import time
import uuid

import stripe

from _paysim import STRIPE_SECRET, browse
from _suite import Suite, equal, expect, wait_for

suite = Suite("paysim, Stripe")

# Every code of Stripe's list (payment-facts.md 1.8), with what `code` says of it.
OWN_CODES = ["expired_card", "incorrect_cvc", "invalid_cvc", "processing_error", "incorrect_number", "invalid_number", "incorrect_zip",
             "incorrect_address", "invalid_expiry_month", "invalid_expiry_year", "authentication_required"]
OTHER_CODES = """insufficient_funds card_velocity_exceeded withdrawal_count_limit_exceeded generic_decline do_not_honor call_issuer
    no_action_taken approve_with_id issuer_not_available reenter_transaction try_again_later duplicate_transaction lost_card stolen_card
    pickup_card restricted_card fraudulent merchant_blacklist invalid_account new_account_information_available
    revocation_of_authorization revocation_of_all_authorizations stop_payment_order security_violation service_not_allowed
    transaction_not_allowed not_permitted card_not_supported currency_not_supported do_not_try_again testmode_decline invalid_amount
    incorrect_pin invalid_pin pin_try_exceeded offline_pin_required online_or_offline_pin_required authentication_not_handled
    mobile_device_authentication_required""".split()


def client(simulator, retries=0, key="sk_test_of_a_test"):
    return stripe.StripeClient(key, base_addresses={"api": simulator.url}, max_network_retries=retries)


def pay(api, method="pm_card_visa", amount=2_000, key=None, **more):
    fields = {"amount": amount, "currency": "usd", "payment_method": method, "confirm": True, "off_session": True, **more}
    return api.v1.payment_intents.create(fields, {"idempotency_key": key} if key else {})


def refused(kind, action):
    try:
        action()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def detail(error, name):
    """A member of the error object, None where it is absent."""
    return error.json_body["error"].get(name)


@suite.test("a saved card is charged off-session, and the objects name one another")
def charge(simulator):
    api = client(simulator)
    customer = api.v1.customers.create({"email": "ann@example.com", "metadata": {"org": "org-1"}})
    method = api.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    equal([each.id for each in api.v1.customers.payment_methods.list(customer.id).data], [method.id], "the customer's methods")
    intent = pay(api, method.id, customer=customer.id, metadata={"reference": "r-1"}, expand=["latest_charge.balance_transaction"])
    equal((intent.status, intent.amount_received), ("succeeded", 2_000), "the intent")
    equal((intent.latest_charge.paid, intent.latest_charge.balance_transaction.net), (True, 2_000), "what was expanded")
    equal(api.v1.payment_intents.retrieve(intent.id).latest_charge, intent.latest_charge.id, "the charge of the intent")
    found = api.v1.payment_intents.search({"query": "metadata['reference']:'r-1' AND status:'succeeded'"})
    equal([each.id for each in found.data], [intent.id], "the search by reference")
    equal(len(simulator.charges(reference="r-1", status="succeeded")), 1, "charges in the books")
    api.v1.payment_methods.detach(method.id)
    refused(stripe.InvalidRequestError, lambda: pay(api, method.id, customer=customer.id))


@suite.test("an intent can be confirmed later, captured later, and cancelled")
def steps(simulator):
    api = client(simulator)
    intent = api.v1.payment_intents.create({"amount": 500, "currency": "eur"})
    equal(intent.status, "requires_payment_method", "without a method")
    refused(stripe.InvalidRequestError, lambda: api.v1.payment_intents.confirm(intent.id))
    equal(api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_mastercard"}).status, "succeeded", "confirmed")
    error = refused(stripe.InvalidRequestError, lambda: api.v1.payment_intents.confirm(intent.id))
    equal(error.code, "payment_intent_unexpected_state", "the second confirmation")
    refused(stripe.InvalidRequestError, lambda: api.v1.payment_intents.cancel(intent.id))
    held = api.v1.payment_intents.create(
        {"amount": 900, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True, "capture_method": "manual"})
    equal((held.status, held.amount_capturable), ("requires_capture", 900), "held")
    equal(api.v1.payment_intents.capture(held.id, {"amount_to_capture": 700}).amount_received, 700, "captured")
    waiting = api.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    equal(api.v1.payment_intents.cancel(waiting.id, {"cancellation_reason": "duplicate"}).status, "canceled", "cancelled")


@suite.test("every decline code can be had, with its code, advice and objects")
def declines(simulator):
    api = client(simulator)
    customer = api.v1.customers.create({"name": "Declined"})
    for code in OWN_CODES + OTHER_CODES:
        method = api.v1.payment_methods.attach(f"pm_sim_decline_{code}", {"customer": customer.id})
        error = refused(stripe.CardError, lambda: pay(api, method.id, customer=customer.id))
        equal(error.http_status, 402, f"{code}: status")
        equal(error.code, code if code in OWN_CODES else "card_declined", f"{code}: code")
        if code not in OWN_CODES:
            equal(error.error.decline_code, code, "decline_code")
        intent = error.error.payment_intent
        equal((intent.status, intent.last_payment_error.code), ("requires_payment_method", error.code), f"{code}: intent")
        charge = api.v1.charges.retrieve(error.error.charge)
        equal((charge.status, charge.paid, charge.outcome.reason), ("failed", False, code), f"{code}: charge")
        equal(charge.outcome.advice_code, detail(error, "advice_code"), f"{code}: advice of the charge")
    error = refused(stripe.CardError, lambda: pay(api, "pm_sim_decline_insufficient_funds__do_not_try_again"))
    equal(error.error.advice_code, "do_not_try_again", "another advice")
    equal(refused(stripe.CardError, lambda: pay(api, "pm_sim_decline_lost_card")).error.advice_code, "do_not_try_again", "advice")


@suite.test("Stripe's own test methods do what Stripe documents")
def methods(simulator):
    api = client(simulator)
    wanted = {"pm_card_visa_chargeDeclined": "generic_decline", "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
              "pm_card_visa_chargeDeclinedLostCard": "lost_card", "pm_card_visa_chargeDeclinedStolenCard": "stolen_card",
              "pm_card_chargeDeclinedExpiredCard": "expired_card", "pm_card_chargeDeclinedIncorrectCvc": "incorrect_cvc",
              "pm_card_chargeDeclinedProcessingError": "processing_error", "pm_card_radarBlock": "fraudulent",
              "pm_card_visa_chargeDeclinedVelocityLimitExceeded": "card_velocity_exceeded"}
    customer = api.v1.customers.create({})
    for name, code in wanted.items():
        error = refused(stripe.CardError, lambda: pay(api, name))
        expect(code in (error.code, detail(error, "decline_code")), f"{name}: {error.error}")
        if "chargeDeclined" in name:
            refused(stripe.CardError, lambda: api.v1.payment_methods.attach(name, {"customer": customer.id}))
    blocked = refused(stripe.CardError, lambda: pay(api, "pm_card_radarBlock"))
    outcome = api.v1.charges.retrieve(blocked.error.charge).outcome
    equal((outcome.type, outcome.reason), ("blocked", "highest_risk_level"), "the outcome of a blocked charge")
    failing = api.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    refused(stripe.CardError, lambda: pay(api, failing.id, customer=customer.id))


@suite.test("a card that needs its owner: off-session refused, on-session through the bank's page, free once set up")
def authentication(simulator):
    api = client(simulator)
    error = refused(stripe.CardError, lambda: pay(api, "pm_card_authenticationRequired"))
    equal((error.code, error.error.payment_intent.status), ("authentication_required", "requires_payment_method"), "off-session")
    fields = {"payment_method": "pm_card_authenticationRequired", "return_url": "https://shop.example/back"}
    intent = api.v1.payment_intents.confirm(error.error.payment_intent.id, fields)
    equal(intent.status, "requires_action", "on-session")
    status, place, _ = browse(intent.next_action.redirect_to_url.url, action="complete")
    equal((status, place), (303, f"https://shop.example/back?payment_intent={intent.id}"), "back to the shop")
    equal(api.v1.payment_intents.retrieve(intent.id).status, "succeeded", "afterwards")
    customer = api.v1.customers.create({})
    setup = api.v1.setup_intents.create(
        {"customer": customer.id, "payment_method": "pm_card_authenticationRequiredOnSetup", "confirm": True})
    equal(setup.status, "requires_action", "the set-up")
    browse(setup.next_action.redirect_to_url.url, action="complete")
    method = api.v1.setup_intents.retrieve(setup.id, {"expand": ["payment_method"]}).payment_method
    equal(method.customer, customer.id, "whose method it is")
    equal(pay(api, method.id, customer=customer.id).status, "succeeded", "off-session, set up")


@suite.test("one key, one charge: success, decline and server error are replayed")
def replays(simulator):
    api = client(simulator)
    key = str(uuid.uuid4())
    first, second = pay(api, key=key, metadata={"reference": key}), pay(api, key=key, metadata={"reference": key})
    equal(second.id, first.id, "the replayed intent")
    equal(second.last_response.headers.get("Idempotent-Replayed"), "true", "the header")
    equal(first.last_response.headers.get("Idempotent-Replayed"), None, "the header of the first")
    equal(len(simulator.charges(reference=key)), 1, "charges under one key")
    key = str(uuid.uuid4())
    errors = [refused(stripe.CardError, lambda: pay(api, "pm_card_chargeDeclined", key=key, metadata={"reference": key})) for _ in "ab"]
    equal(errors[0].error.charge, errors[1].error.charge, "the replayed decline")
    equal(errors[1].headers.get("Idempotent-Replayed"), "true", "the header")
    equal(len(simulator.charges(reference=key)), 1, "declined charges under one key")
    key = str(uuid.uuid4())
    simulator.fault("error_500", gateway="stripe", path="/v1/payment_intents")
    for _ in "ab":
        error = refused(stripe.APIError, lambda: pay(api, key=key, metadata={"reference": key}))
        equal(error.http_status, 500, "the stored server error")
    equal(simulator.charges(reference=key), [], "charges after a server error")


@suite.test("other parameters or another endpoint under a key are refused, mistakes are not stored")
def conflicts(simulator):
    api = client(simulator)
    key = str(uuid.uuid4())
    pay(api, key=key)
    error = refused(stripe.IdempotencyError, lambda: pay(api, key=key, amount=2_001))
    equal((error.http_status, error.error.type, error.code), (400, "idempotency_error", None), "other parameters")
    refused(stripe.IdempotencyError, lambda: api.v1.customers.create({}, {"idempotency_key": key}))
    key = str(uuid.uuid4())
    refused(stripe.InvalidRequestError, lambda: pay(api, key=key, amount=0))
    equal(pay(api, key=key).status, "succeeded", "the same key after a mistake")
    key = str(uuid.uuid4())
    refused(stripe.AuthenticationError, lambda: pay(client(simulator, key="nobody"), key=key))
    simulator.fault("rate_limit", gateway="stripe")
    refused(stripe.RateLimitError, lambda: pay(api, key=key))
    equal(pay(api, key=key, amount=3_000).status, "succeeded", "the same key after 401 and 429")


@suite.test("a request in flight under a key answers 409 to the second, and the package's retries end well")
def in_flight(simulator):
    api, key = client(simulator), str(uuid.uuid4())
    simulator.fault("delay", gateway="stripe", path="/v1/payment_intents", ms=1_500, count=1)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        first = pool.submit(pay, api, key=key, metadata={"reference": key})
        wait_for("the first to be under way", lambda: not simulator.control("GET", "faults")["faults"])
        error = refused(stripe.APIError, lambda: pay(api, key=key, metadata={"reference": key}))
        equal((error.http_status, error.error.code), (409, "idempotency_key_in_use"), "the second")
        retrying = pay(client(simulator, retries=5), key=key, metadata={"reference": key})
        equal(first.result().id, retrying.id, "the answer to the retries")
    equal(len(simulator.charges(reference=key)), 1, "charges")


@suite.test("eight at once under one key are one charge")
def race(simulator):
    key = str(uuid.uuid4())
    simulator.control("POST", "delay", {"ms": 30})
    barrier = threading.Barrier(8)

    def one(_):
        api = client(simulator, retries=8)
        barrier.wait()
        return pay(api, key=key, metadata={"reference": key}).id

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        equal(len(set(pool.map(one, range(8)))), 1, "intents")
    simulator.control("POST", "delay", {"ms": 0})
    equal(len(simulator.charges(reference=key)), 1, "charges")


@suite.test("refunds in parts, too much, pending, failing, cancelled")
def refunds(simulator):
    api = client(simulator)
    intent = pay(api, amount=1_000)
    equal(api.v1.refunds.create({"payment_intent": intent.id, "amount": 400, "reason": "duplicate"}).status, "succeeded", "a part")
    error = refused(stripe.InvalidRequestError, lambda: api.v1.refunds.create({"payment_intent": intent.id, "amount": 601}))
    equal(error.param, "amount", "too much")
    api.v1.refunds.create({"charge": intent.latest_charge})
    charge = api.v1.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    equal((charge.amount_refunded, charge.refunded, len(charge.refunds.data)), (1_000, True, 2), "the charge")
    error = refused(stripe.InvalidRequestError, lambda: api.v1.refunds.create({"payment_intent": intent.id}))
    equal(error.code, "charge_already_refunded", "all of it twice")
    simulator.control("POST", "settle", {"after_ms": 100})
    slow = api.v1.refunds.create({"payment_intent": pay(api, "pm_card_pendingRefund").id})
    equal(slow.status, "pending", "a slow refund")
    wait_for("the refund to arrive", lambda: api.v1.refunds.retrieve(slow.id).status == "succeeded")
    failing = api.v1.refunds.create({"payment_intent": pay(api, "pm_card_refundFail").id})
    equal(failing.status, "succeeded", "a refund that comes back, at first")
    wait_for("the refund to come back", lambda: api.v1.refunds.retrieve(failing.id).status == "failed")
    equal(api.v1.charges.retrieve(failing.charge).amount_refunded, 0, "what was refunded in the end")
    simulator.control("POST", "settle", {"after_ms": 60_000})
    waiting = api.v1.refunds.create({"payment_intent": pay(api, "pm_card_pendingRefund").id})
    equal(api.v1.refunds.cancel(waiting.id).status, "canceled", "cancelled")
    simulator.control("POST", "settle", {"after_ms": 100})


@suite.test("the hosted checkout: pay, decline then pay, cancel, expire")
def checkout(simulator):
    api = client(simulator)

    def session(**more):
        item = {"price_data": {"currency": "usd", "unit_amount": 2_500, "product_data": {"name": "Tokens & more"}}, "quantity": 2}
        return api.v1.checkout.sessions.create(
            {"mode": "payment", "line_items": [item], "success_url": "https://shop.example/ok?s={CHECKOUT_SESSION_ID}",
             "cancel_url": "https://shop.example/no", "client_reference_id": "p-1", **more})

    made = session(payment_intent_data={"metadata": {"reference": "checkout-1"}, "setup_future_usage": "off_session"},
                   customer=api.v1.customers.create({}).id)
    equal((made.status, made.payment_status, made.amount_total, made.payment_intent), ("open", "unpaid", 5_000, None), "at first")
    status, _, text = browse(made.url)
    expect(status == 200 and "50.00 USD" in text and "Tokens &amp; more" in text, text)
    equal(browse(made.url, action="decline")[0], 402, "declined on the page")
    equal(api.v1.checkout.sessions.retrieve(made.id).payment_status, "unpaid", "after the decline")
    status, place, _ = browse(made.url, action="pay")
    equal((status, place), (303, f"https://shop.example/ok?s={made.id}"), "paid on the page")
    paid = api.v1.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent.payment_method", "line_items"]})
    equal((paid.status, paid.payment_status, paid.payment_intent.amount_received), ("complete", "paid", 5_000), "the session")
    equal((paid.line_items.data[0].amount_total, paid.payment_intent.payment_method.customer), (5_000, made.customer), "its parts")
    equal(browse(made.url, action="pay")[0], 410, "paid again")
    equal(len(simulator.charges(reference="checkout-1", status="succeeded")), 1, "charges")
    equal(len(api.v1.checkout.sessions.line_items.list(made.id).data), 1, "line items")
    cancelled = session()
    equal(browse(cancelled.url, action="cancel")[1], "https://shop.example/no", "cancelled on the page")
    equal(api.v1.checkout.sessions.expire(cancelled.id).status, "expired", "expired")
    equal(browse(cancelled.url, action="pay")[0], 410, "paying what has expired")
    refused(stripe.InvalidRequestError, lambda: session(expires_at=int(time.time()) + 60))


@suite.test("a page that saves a card, for a customer who is made for it")
def saving(simulator):
    api = client(simulator)
    wanted = {"mode": "setup", "success_url": "https://shop.example/cards", "customer_email": "ann@example.com"}
    equal(refused(stripe.InvalidRequestError, lambda: api.v1.checkout.sessions.create(wanted)).param, "currency", "no way to pay")
    made = api.v1.checkout.sessions.create({**wanted, "allowed_payment_method_types": ["card"], "customer_creation": "always"})
    equal(browse(made.url, action="decline")[0], 402, "declined on the page")
    equal(browse(made.url, action="pay")[:2], (303, "https://shop.example/cards"), "saved on the page")
    saved = api.v1.checkout.sessions.retrieve(made.id, {"expand": ["customer", "setup_intent.payment_method"]})
    method = saved.setup_intent.payment_method
    equal((saved.status, saved.setup_intent.status, saved.customer.email), ("complete", "succeeded", "ann@example.com"), "the session")
    equal((method.customer, saved.setup_intent.customer), (saved.customer.id, saved.customer.id), "whose it is")
    equal(pay(api, method.id, customer=saved.customer.id).status, "succeeded", "charged without the customer")


@suite.test("lists come in pages, the newest first")
def pages(simulator):
    api = client(simulator)
    made = [api.v1.customers.create({"email": "pages@example.com", "name": str(number)}).id for number in range(25)]
    first = api.v1.customers.list({"email": "pages@example.com", "limit": 10})
    equal((first.has_more, [each.id for each in first.data]), (True, made[:-11:-1]), "the first page")
    equal([each.id for each in first.auto_paging_iter()], made[::-1], "all pages")
    back = api.v1.customers.list({"email": "pages@example.com", "limit": 10, "ending_before": made[10]})
    equal([each.id for each in back.data], made[20:10:-1], "the page before one")
    refused(stripe.InvalidRequestError, lambda: api.v1.customers.list({"starting_after": "cus_none"}))
    refused(stripe.InvalidRequestError, lambda: api.v1.customers.list({"limit": 101}))
    events = api.v1.events.list({"types": ["customer.created"], "limit": 100})
    expect({each.data.object.id for each in events.data} >= set(made), "an event is missing")


@suite.test("mistakes are named as Stripe names them")
def mistakes(simulator):
    api = client(simulator)
    cases = [({}, "parameter_missing", "amount"), ({"amount": 1_000}, "parameter_missing", "currency"),
             ({"amount": "x", "currency": "usd"}, "parameter_invalid_integer", "amount"),
             ({"amount": 49, "currency": "usd"}, "amount_too_small", "amount"),
             ({"amount": 100_000_000, "currency": "usd"}, "amount_too_large", "amount"),
             ({"amount": 1_001, "currency": "kwd"}, "parameter_invalid_integer", "amount"),
             ({"amount": 1_000, "currency": "usd", "customer": "cus_none"}, "resource_missing", "customer"),
             ({"amount": 1_000, "currency": "usd", "payment_method": "pm_none"}, "resource_missing", "payment_method"),
             ({"amount": 1_000, "currency": "usd", "payment_method_types": ["card"]}, "payment_method_types_no_longer_supported",
              "payment_method_types"),
             ({"amount": 1_000, "currency": "usd", "ammount": 1}, "parameter_unknown", "ammount"),
             ({"amount": 1_000, "currency": "zzz"}, None, "currency"), ({"amount": 1_000, "currency": "usd", "off_session": True}, None,
                                                                        "off_session")]
    for fields, code, param in cases:
        error = refused(stripe.InvalidRequestError, lambda: api.v1.payment_intents.create(fields))
        equal((error.http_status, error.code, error.param), (400, code, param), f"{fields}")
    error = refused(stripe.InvalidRequestError, lambda: api.v1.payment_intents.retrieve("pi_none"))
    equal((error.http_status, error.code), (404, "resource_missing"), "an intent that is not there")
    error = refused(stripe.InvalidRequestError, lambda: pay(api, expand=["nonsense"], metadata={"reference": "never"}))
    expect("cannot be expanded (nonsense)" in str(error), str(error))
    equal(simulator.charges(reference="never"), [], "charges of a request with a wrong path")
    equal(refused(stripe.AuthenticationError, lambda: client(simulator, key="sk_live_1").v1.customers.list()).http_status, 401, "a live key")
    headers = api.v1.customers.list().last_response.headers
    expect(headers["Request-Id"].startswith("req_"), headers)
    equal(headers["Stripe-Version"], stripe.api_version, "the version")


@suite.test("disputes: from a test method, answered and won, and on command")
def disputes(simulator):
    api = client(simulator)
    intent = pay(api, "pm_card_createDispute")
    dispute = api.v1.disputes.list({"payment_intent": intent.id}).data[0]
    equal((dispute.reason, dispute.status, dispute.amount), ("fraudulent", "needs_response", 2_000), "the dispute")
    error = refused(stripe.InvalidRequestError, lambda: api.v1.refunds.create({"payment_intent": intent.id}))
    equal(error.code, "charge_disputed", "a refund of what is disputed")
    won = api.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": True})
    equal(won.status, "won", "after the evidence")
    charge = pay(api).latest_charge
    opened = simulator.control("POST", "disputes", {"charge": charge, "reason": "product_not_received"})
    equal(api.v1.disputes.close(opened["id"]).status, "lost", "closed")
    inquiry = api.v1.disputes.list({"payment_intent": pay(api, "pm_card_createDisputeInquiry").id}).data[0]
    equal((inquiry.status, inquiry.is_charge_refundable), ("warning_needs_response", True), "an inquiry")


@suite.test("events arrive signed, again after a failure, doubled and disordered on request")
def webhooks(simulator, receiver):
    api = client(simulator)
    receiver.clear()
    simulator.control("POST", "webhooks/settings", {"stripe_url": receiver.url + "/stripe", "retry_ms": [50, 50, 50]})
    intent = pay(api)

    def taken():
        found = [stripe.Webhook.construct_event(body, headers["Stripe-Signature"], STRIPE_SECRET) for headers, body in receiver.taken()]
        return [event for event in found if intent.id in (event.data.object.id, event.data.object.to_dict().get("payment_intent"))]

    wait_for("the events of a payment", lambda: len(taken()) == 3)
    equal({event.type for event in taken()}, {"payment_intent.created", "charge.succeeded", "payment_intent.succeeded"}, "types")
    equal(api.v1.events.retrieve(taken()[0].id).type, taken()[0].type, "the event by its id")
    headers, body = receiver.taken()[0]
    refused(stripe.SignatureVerificationError, lambda: stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_other"))
    receiver.clear()
    receiver.answers = [500, 500]
    intent = pay(api)
    wait_for("all events in spite of failures", lambda: len(taken()) == 3)
    receiver.clear()
    simulator.control("POST", "webhooks/settings", {"duplicates": 9})
    intent = pay(api)
    wait_for("ten copies of each event", lambda: len(taken()) == 30)
    simulator.control("POST", "webhooks/settings", {"duplicates": 0, "hold": True})
    receiver.clear()
    intent = pay(api)
    equal(taken(), [], "events while they are held back")
    equal(simulator.control("POST", "webhooks/release", {"order": "reversed"})["released"], 3, "released")
    wait_for("the released events", lambda: len(taken()) == 3)
    simulator.control("POST", "webhooks/resend", {"id": taken()[0].id, "times": 4})
    wait_for("the same event again", lambda: len(taken()) == 7)
    endpoint = api.v1.webhook_endpoints.create({"url": receiver.url + "/own", "enabled_events": ["refund.*", "refund.created"]})
    api.v1.refunds.create({"payment_intent": intent.id})
    wait_for("the event at an endpoint of its own", lambda: receiver.taken("/own"))
    headers, body = receiver.taken("/own")[0]
    equal(stripe.Webhook.construct_event(body, headers["Stripe-Signature"], endpoint.secret).type, "refund.created", "its type")
    api.v1.webhook_endpoints.delete(endpoint.id)
    simulator.control("POST", "webhooks/settings", {"stripe_url": None})
    expect(json.loads(body)["pending_webhooks"] >= 1, "pending_webhooks")
