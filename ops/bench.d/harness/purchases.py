"""Purchases per second: billing before the payment simulator, which answers every call in 50 ms, and the simulator alone as the limit."""

import http.client
import json
import threading
import time
import urllib.parse
import uuid

from servers import OURS, ROOT, BenchError

KEY = "sk_test_bench"
ANSWER_MS = 50
QUEUE = "purser.billing"


class Purchases:
    """Runs of this measure; see Contenders for the others."""

    def __init__(self, contenders):
        self.c = contenders
        self.database, self.broker, self.programs = contenders.database, contenders.broker, contenders.programs

    # The simulator

    def start_simulator(self):
        books = self.programs.run / "paysim.books"
        books.unlink(missing_ok=True)
        environment = {"PURSER_PAYSIM_ADDRESS": "127.0.0.1:0", "PURSER_PAYSIM_BOOKS": str(books), "PURSER_LOG_FORMAT": "json"}
        log = self.programs.run / "log" / "bench-paysim.log"
        log.write_text("")
        process = self.programs.start([str(ROOT / ".build" / "release" / "purser-paysim")], environment=environment, log=log)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for line in log.read_text().splitlines():
                if '"simulator listens"' in line:
                    address = json.loads(line)["server.address"]
                    self.tell(address, "delay", {"ms": ANSWER_MS})
                    return process, address
            time.sleep(0.05)
        raise BenchError(f"purser-paysim does not listen, see {log}")

    def tell(self, address, path, body):
        connection = http.client.HTTPConnection(address, timeout=20)
        connection.request("POST", f"/_sim/{path}", json.dumps(body))
        if connection.getresponse().status >= 300:
            raise BenchError(f"purser-paysim refused {path}")
        connection.close()

    def charged(self, address):
        connection = http.client.HTTPConnection(address, timeout=60)
        connection.request("GET", "/_sim/charges?status=succeeded")
        charges = json.load(connection.getresponse())["charges"]
        connection.close()
        return len(charges)

    def simulator_alone(self, count, callers):
        """What the simulator does for so many callers, each waiting for its answer: nobody can sell faster through it."""
        process, address = self.start_simulator()
        left, lock = [count], threading.Lock()

        def work():
            connection = http.client.HTTPConnection(address, timeout=20)
            while True:
                with lock:
                    if left[0] == 0:
                        return connection.close()
                    left[0] -= 1
                form = {"amount": 5800, "currency": "usd", "payment_method": "pm_card_visa", "confirm": "true", "off_session": "true"}
                form |= {"automatic_payment_methods[enabled]": "true", "automatic_payment_methods[allow_redirects]": "never"}
                headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": str(uuid.uuid4())}
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                connection.request("POST", "/v1/payment_intents", urllib.parse.urlencode(form), headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise BenchError(f"the simulator answered {answer.status}")

        began = time.monotonic()
        threads = [threading.Thread(target=work) for _ in range(callers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - began
        if self.charged(address) != count:
            raise BenchError("the simulator's books do not have every charge")
        self.programs.stop(process)
        return {"rate": count / seconds}

    # Purser

    def fill(self, count):
        """One purchase for each of so many wallets, each with a saved card."""
        self.database.sql(
            OURS,
            "INSERT INTO payment_methods (id, organization_id, gateway, reference, is_default)"
            f" SELECT 'pm-' || n, 'org-' || n, 'stripe', 'pm_card_visa', true FROM generate_series(0, {count - 1}) n",
        )
        for number in range(count):
            event = {"specversion": "1.0", "id": f"buy-{number}", "source": "/bench", "type": "billing.purchase"}
            event |= {"subject": f"org-{number}", "data": {"package_id": "starter", "idempotency_key": f"buy-{number}"}}
            self.broker.publish("purser.commands", "billing.purchase", json.dumps(event))
        self.database.settle()

    def sell(self, count, lanes):
        self.database.fresh_purser()
        self.broker.purge(QUEUE)
        simulator, address = self.start_simulator()
        self.fill(count)
        environment = {"STRIPE_SECRET_KEY": KEY, "STRIPE_API_BASE": f"http://{address}"}
        billing = self.programs.start_consumer("purser-billing", lanes, self.database.role_url("billing"), environment)
        self.programs.wait_for(billing, "SELECT count(*) FROM token_purchases WHERE completed_at IS NOT NULL", count)
        own_mib = self.programs.stop(billing)
        commits = self.database.commits(OURS, "invoices")
        self.check(count, address, commits)
        self.programs.stop(simulator)
        return self.c.with_memory({"rate": self.c.rate_of(commits)}, own_mib)

    def check(self, count, address, commits):
        """Every purchase was sold once, and only those."""
        if sum(rows for _, rows in commits) != count or self.charged(address) != count:
            raise BenchError("charges, invoices and purchases do not agree")
        text = (
            "SELECT count(*) FROM token_purchases p JOIN token_balance_history h USING (purchase_reference_id)"
            " JOIN invoices i ON i.purchase_id = p.id WHERE p.status = 'completed' AND h.type = 'purchase' AND h.amount = p.tokens"
        )
        if self.database.sql(OURS, text) != str(count):
            raise BenchError("a purchase lacks its ledger row or its invoice")
