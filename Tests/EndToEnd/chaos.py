"""Load from several producers while programs, broker and database are killed, frozen, restarted and cut off at random.

usage: chaos.py [--seed N] [--seconds S]      60 seconds and a seed of the moment unless told otherwise"""

import argparse
import os
import random
import signal
import threading
import time

from _load import Producer, check_effects
from _purser import World
from _servers import PrivateServers
from _suite import Suite, equal, expect, wait_for

suite = Suite("chaos")
PRODUCERS, RATE = 3, 60


class Chaos:
    """Does one fault after the other and keeps book of them. Every fault mends itself before the next."""

    def __init__(self, world, servers, seed):
        self.world, self.servers, self.random, self.done = world, servers, random.Random(seed), []
        self.meters = [world.meter("--shard", "1/2"), world.meter("--shard", "2/2", ready=False)]
        self.billing = [world.billing()]
        self.faults = [
            (6, self.kill_meter),
            (3, self.freeze_meter),
            (2, self.kill_billing),
            (1, self.freeze_billing),
            (3, self.cut_broker_connections),
            (3, self.cut_database_connections),
            (2, self.kill_database),
            (1, self.restart_database),
            (2, self.kill_broker),
            (1, self.restart_broker),
            (2, self.stop_meter),
        ]

    def run(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            # The pause between two faults is part of the chaos; nothing is waited for here.
            threading.Event().wait(self.random.uniform(0.05, 2.5))
            (fault,) = self.random.choices([each for _, each in self.faults], [weight for weight, _ in self.faults])
            begun = time.monotonic()
            fault()
            self.done.append(fault.__name__)
            print(f"    {fault.__name__} {time.monotonic() - begun:.1f} s", flush=True)

    def _replace(self, programs, place, start):
        programs[place].kill()
        threading.Event().wait(self.random.uniform(0, 1))
        programs[place] = start()

    def _meter(self, place):
        return self.world.meter("--shard", f"{place + 1}/2", ready=False)

    def kill_meter(self):
        place = self.random.randrange(2)
        self._replace(self.meters, place, lambda: self._meter(place))

    def stop_meter(self):
        place = self.random.randrange(2)
        self.meters[place].stop()
        self.meters[place] = self._meter(place)

    def kill_billing(self):
        self._replace(self.billing, 0, lambda: self.world.billing(ready=False))

    def _freeze(self, program):
        program.signal(signal.SIGSTOP)
        threading.Event().wait(self.random.uniform(0.5, 6))
        program.signal(signal.SIGCONT)

    def freeze_meter(self):
        self._freeze(self.random.choice(self.meters))

    def freeze_billing(self):
        self._freeze(self.billing[0])

    def cut_broker_connections(self):
        self.servers.rabbitmqctl("close_all_connections", "--vhost", self.world.name, "chaos")

    def cut_database_connections(self):
        text = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND starts_with(usename, 'purser_') AND random() < 0.7
        """
        self.world.execute(text)

    def kill_database(self):
        self.servers.kill("postgres")
        threading.Event().wait(self.random.uniform(0, 2))
        self.servers.start("postgres")

    def restart_database(self):
        self.servers.stop("postgres")
        self.servers.start("postgres")

    def kill_broker(self):
        self.servers.kill("rabbitmq")
        self.servers.start("rabbitmq")

    def restart_broker(self):
        self.servers.stop("rabbitmq")
        self.servers.start("rabbitmq")

    def heal(self):
        """After a fault that went wrong too, so that the rest tells something. Does nothing where all is well."""
        for name in ("postgres", "rabbitmq"):
            self.servers.start(name)
        for program in [*self.meters, *self.billing]:
            program.signal(signal.SIGCONT)

    def running(self):
        """Nobody ends by himself, whatever befalls the servers."""
        for program in [*self.meters, *self.billing]:
            expect(program.running, f"{program.log.name} ended with {program.process.returncode}: {program.tail()}")


def prepare(world):
    # A refund can come before its debit; a minute in the delay queue would be waited for at the end.
    world.shorten_delays()
    billing, meter = world.billing(), world.meter()
    world.purser_ok("rates", "load", "ops/demo-rates.json")
    organizations = [world.organization(tokens) for tokens in (100_000, 100_000, 100_000, 50_000, 1000, 100)]
    organizations += [world.organization(100, overdraft_limit=500), world.organization(0, overdraft_limit="unlimited")]
    wait_for("the rates", lambda: world.value("SELECT count(*) FROM service_rates") == 6)
    for program in (billing, meter):
        program.stop()
    return organizations


def main():
    reading = argparse.ArgumentParser()
    reading.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    reading.add_argument("--seconds", type=float, default=60)
    given = reading.parse_args()
    print(f"seed {given.seed}, {given.seconds:g} s", flush=True)
    servers = PrivateServers("chaos")
    try:
        with World("chaos", servers) as world:
            organizations = prepare(world)
            chaos, stop = Chaos(world, servers, given.seed), threading.Event()
            url = world.amqp_as("purser-operator")
            producers = [Producer(url, n, organizations, given.seed, RATE, stop) for n in range(PRODUCERS)]
            for each in producers:
                each.start()
            suite.run("faults under load", chaos.run, given.seconds)
            chaos.heal()
            stop.set()
            suite.run("programs live through the faults of others", chaos.running)
            suite.run("every message is confirmed in the end", lambda: confirmed(producers))
            suite.run("everything is drained", lambda: drained(world))
            suite.run("every event exactly once", lambda: print(f"    {check_effects(world, producers)} events"))
            suite.run("no innocent message is dead-lettered", lambda: equal(world.dead_letters(), 0, "dead letters"))
            suite.run("every announcement under one id says the same", lambda: stable(world))
            for program in [*chaos.meters, *chaos.billing]:
                suite.run(f"{program.log.stem} ends on SIGTERM", program.stop)
            suite.run("everything was acknowledged", lambda: drained(world))
            suite.run("the identities hold and purser ledger verify is clean", world.check_identities)
            print(f"    seed {given.seed}, {len(chaos.done)} faults: " + ", ".join(chaos.done), flush=True)
    finally:
        servers.remove()
    suite.finish()


def confirmed(producers):
    for each in producers:
        each.join(150)
        expect(not each.is_alive(), f"{each.name} does not end")
        if each.error:
            raise each.error
    count, again = sum(each.publishing.confirmed for each in producers), sum(each.publishing.repeated for each in producers)
    print(f"    {count} messages, {again} of them sent again")


def drained(world):
    # A partition whose meter was killed and frozen may wait 30 s for its owner.
    wait_for("everything to be drained", world.drained, 60, every=0.2)


def stable(world):
    seen = {}
    for each in world.announced():
        expect(seen.setdefault(each["id"], each) == each, f"two events of the id {each['id']}")


main()
