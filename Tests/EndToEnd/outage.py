"""The database away, the broker restarted, a memory alarm: nothing lost, nothing dead-lettered, work resumes within 10 s.

usage: outage.py [--away SECONDS]       how long the database is away; 20 unless told otherwise"""

import argparse
import json
import threading
import time

from _events import usage
from _purser import DEAD, PARTITIONS, World
from _servers import PrivateServers
from _suite import Suite, equal, expect, wait_for

suite = Suite("outage")


def count(world, source):
    return world.value("SELECT count(*) FROM token_balance_history WHERE type = 'usage' AND source = %s", source)


def steady(world, source, number):
    return [usage(world.steady, "copilot_chat", source=source) for _ in range(number)]


def database_away(world, servers, seconds):
    """Killed, so that open connections are lost too; events come in all the while."""
    before = steady(world, "/before", 300)
    world.publish(*before)
    wait_for("work before", lambda: count(world, "/before") == 300)
    servers.kill("postgres")
    begun, sent = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        world.publish(*steady(world, "/away", 20))
        sent += 20
        expect(all(program.running for program in world.alive), "a program ended while the database was away")
        threading.Event().wait(0.5)
    equal(sum(world.reader.waiting(queue) for queue in DEAD), 0, "dead letters while it is away")
    servers.start("postgres")
    resumed(world, "/away", sent)


def resumed(world, source, sent, seconds=10):
    begun = time.monotonic()
    wait_for(f"{sent} events of {source} within {seconds} s", lambda: count(world, source) == sent, seconds)
    print(f"    all {sent} events {time.monotonic() - begun:.1f} s after the server was back", flush=True)
    wait_for("everything to be drained", world.drained, 20)
    equal(world.dead_letters(), 0, "dead letters")
    suspects = world.value("SELECT count(*) FROM suspect_messages WHERE crashes > 2")
    equal(suspects, 0, "suspects")


def broker_restarted(world, servers, kill):
    world.publish(*steady(world, f"/restart-{kill}", 200))
    if kill:
        servers.kill("rabbitmq")
    else:
        servers.stop("rabbitmq")
    servers.start("rabbitmq")
    world.publish(*steady(world, f"/restart-{kill}", 200))
    resumed(world, f"/restart-{kill}", 400)
    world.callers.clear()
    equal(world.ask_ok(usage(world.steady, "copilot_chat"))["outcome"], "debited", "an answer after it")


def memory_alarm(world, servers):
    """Consumers drain, what they have to tell waits, publishers say `blocked` within their deadline, and all goes on after it."""
    world.meters_stop()
    world.publish(*steady(world, "/alarm", 500), *[usage(world.poor, "copilot_chat", source="/poor") for _ in range(20)])
    servers.rabbitmqctl("set_vm_memory_high_watermark", "0.0001")
    try:
        wait_for("the alarm", lambda: any(node.get("mem_alarm") for node in world.management.try_call("GET", "nodes") or []), 20)
        begun = time.monotonic()
        event = json.dumps(usage(world.steady, "copilot_chat", source="/blocked"))
        done = world.purser("publish", "usage", "--file", "-", "--deadline", "5", input=event + "\n", seconds=90)
        spent = time.monotonic() - begun
        said = done.stdout + done.stderr
        expect(done.returncode != 0, f"purser publish ended with 0 under an alarm: {said}")
        expect("blocked" in said, f"purser publish does not say blocked: {said}")
        expect(spent < 15, f"purser publish took {spent:.0f} s to say so")
        print(f"    purser publish said it after {spent:.1f} s: {said.strip().splitlines()[-1][:100]}", flush=True)
        world.meters_start()
        wait_for("consumers to drain under the alarm", lambda: (count(world, "/alarm"), count(world, "/poor")) == (500, 20), 20)
        equal(world.value("SELECT count(*) FROM outbox"), 20, "announcements that wait")
        wait_for("the queues to be empty", lambda: world.reader.waiting(*PARTITIONS) == 0)
    finally:
        servers.rabbitmqctl("set_vm_memory_high_watermark", "absolute", "1GB")
    wait_for("the end of the alarm", lambda: not any(node.get("mem_alarm") for node in world.management.call("GET", "nodes")), 20)
    world.publish(*steady(world, "/after-alarm", 100))
    resumed(world, "/after-alarm", 100)
    told = wait_for("the announcements", lambda: world.announced("usage.rejected", subject=world.poor))
    equal(len({each["data"]["event_id"] for each in told}), 20, "announcements")


def main():
    reading = argparse.ArgumentParser()
    reading.add_argument("--away", type=float, default=20)
    given = reading.parse_args()
    servers = PrivateServers("outage")
    try:
        with World("outage", servers) as world:
            prepare(world)
            suite.run(f"the database is away for {given.away:g} s", database_away, world, servers, given.away)
            suite.run("the broker is stopped and started", broker_restarted, world, servers, False)
            suite.run("the broker is killed and started", broker_restarted, world, servers, True)
            suite.run("a memory alarm", memory_alarm, world, servers)
            for program in world.alive:
                suite.run(f"{program.log.stem} ends on SIGTERM", program.stop)
            suite.run("the identities hold and purser ledger verify is clean", world.check_identities)
    finally:
        servers.remove()
    suite.finish()


def prepare(world):
    world.alive = [world.billing()]
    meters = []

    def start():
        meters.append(world.meter())
        world.alive.append(meters[-1])

    def stop():
        world.alive.remove(meters[-1])
        meters.pop().stop()

    world.meters_start, world.meters_stop = start, stop
    start()
    world.purser_ok("rates", "load", "ops/demo-rates.json")
    world.steady, world.poor = world.organization(1_000_000), world.organization(0)
    wait_for("the rates", lambda: world.value("SELECT count(*) FROM service_rates") == 6)


main()
