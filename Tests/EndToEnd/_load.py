"""Load for the tests that break things: usage with deliberate duplicates, holds, refunds and grants, and what must come of it."""

import random
import threading
import time
import uuid

from _broker import Publishing
from _events import batch, event, structured, usage
from _suite import Failed, TimedOut, equal, expect, wait_for


class Producer(threading.Thread):
    """One system that reports usage, on a connection of its own, and repeats what it is not sure of."""

    def __init__(self, url, number, organizations, seed, rate, stop, commands=True):
        super().__init__(name=f"producer-{number}", daemon=True)
        self.url, self.organizations, self.stop, self.rate, self.commands = url, organizations, stop, rate, commands
        self.random = random.Random(f"{seed}/{number}")
        self.source = f"/e2e/producer-{number}"
        self.sent, self.holds, self.resolutions, self.refunds, self.grants = [], [], [], [], []
        self.kept = []
        self.publishing = Publishing(url, self._messages(), window=200, patience=150)
        self.error = None

    def run(self):
        try:
            self.publishing.run()
        except Exception as error:  # looked at by the test when it joins
            self.error = error

    def _messages(self):
        """Endless until it is told to stop; paced by yielding None, whereupon the publisher looks again in 10 ms."""
        begun, count = time.monotonic(), 0
        while not self.stop.is_set():
            if count >= (time.monotonic() - begun) * self.rate:
                yield None
                continue
            for message in self._step():
                count += 1
                yield message

    def _step(self):
        dice = self.random.random()
        if dice < 0.10 and self.kept:
            # A deliberate duplicate, of just now or of long ago.
            return [structured(self.random.choice(self.kept[-5:] if dice < 0.06 else self.kept))]
        if dice < 0.15:
            return [batch([self._usage() for _ in range(self.random.randint(1, 30))])]
        if self.commands and dice < 0.30:
            made = self._command()
            return [structured(each) for each in made]
        return [structured(self._usage())]

    def _usage(self):
        made = usage(self.random.choice(self.organizations), "copilot_chat", self.random.randint(1, 3), source=self.source)
        self.sent.append(made)
        self.kept.append(made)
        return made

    def _command(self):
        organization, dice = self.random.choice(self.organizations), self.random.random()
        if dice < 0.4:
            hold_id = str(uuid.UUID(int=self.random.getrandbits(128)))
            data = {"hold_id": hold_id, "service": "copilot_chat", "quantity": self.random.randint(1, 9), "timeout_seconds": 3600}
            self.holds.append((organization, hold_id, data["quantity"]))
            return [event("meter.hold", organization, data, source=self.source)]
        if dice < 0.7 and self.holds:
            organization, hold_id, tokens = self.holds.pop(self.random.randrange(len(self.holds)))
            self.resolutions.append((organization, hold_id))
            if self.random.random() < 0.5:
                return [event("meter.hold_release", organization, {"hold_id": hold_id}, source=self.source)]
            data = {"hold_id": hold_id, "tokens": self.random.randint(0, tokens)}
            made = event("meter.hold_capture", organization, data, source=self.source)
            return [made, made]
        if dice < 0.85 and self.sent:
            of = self.random.choice(self.sent)
            data = {"source": of["source"], "id": of["id"]}
            made = event("meter.usage_refund", of["subject"], data, source=self.source)
            self.refunds.append((made, of))
            return [made] if dice < 0.8 else [made, made]
        made = event("billing.grant", organization, {"tokens": self.random.randint(1, 50), "reason": "load"}, source=self.source)
        self.grants.append(made)
        return [made, made]


def check_effects(world, producers):
    """Every event exactly once: compared with what the producers know that they sent, all of which was confirmed."""
    for producer in producers:
        if producer.error:
            raise Failed(f"{producer.name}: {producer.error}")
        expect(not producer.publishing.returned, f"returned: {producer.publishing.returned[:1]}")
    sent = {(each["source"], each["id"]): each for producer in producers for each in producer.sent}
    expect(len(sent) > 100, f"the load was no load: {len(sent)} events")
    text = """
        SELECT source, event_id, count(*) AS rows, min(quantity) AS quantity FROM token_balance_history
        WHERE type = 'usage' AND starts_with(source, '/e2e/producer-') GROUP BY 1, 2
    """
    missing, found = list(sent), {}

    def all_there():
        found.update({(row["source"], row["event_id"]): row for row in world.rows(text)})
        missing[:] = [key for key in sent if key not in found]
        return not missing

    try:
        # A meter may still hold messages while it connects to the database again: a queue that looks empty says nothing of them.
        wait_for("every event in the ledger", all_there, 60, every=1)
    except TimedOut:
        raise Failed(f"{len(missing)} of {len(sent)} events are not in the ledger, one is {missing[0]}") from None
    for key, each in sent.items():
        equal((found[key]["rows"], found[key]["quantity"]), (1, each["data"]["quantity"]), f"the rows of {key}")
    grants = {(each["source"], each["id"]): each for producer in producers for each in producer.grants}
    text = """
        SELECT source, event_id, count(*) AS rows, sum(amount) AS tokens FROM token_balance_history
        WHERE type = 'grant' AND starts_with(source, '/e2e/producer-') GROUP BY 1, 2
    """
    granted = {(row["source"], row["event_id"]): row for row in world.rows(text)}
    equal(set(granted), set(grants), "the grants in the ledger")
    for key, each in grants.items():
        equal((granted[key]["rows"], granted[key]["tokens"]), (1, each["data"]["tokens"]), f"the rows of grant {key}")
    # A hold that was placed and resolved is not open any more; refused ones are not there or rejected.
    for organization, hold_id in (pair for producer in producers for pair in producer.resolutions):
        status = world.value("SELECT status FROM token_holds WHERE hold_id = %s", hold_id)
        expect(status in (None, "open", "captured", "released", "rejected"), f"hold {hold_id} is {status}")
    return len(sent)
