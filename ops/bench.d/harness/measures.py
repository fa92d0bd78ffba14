"""What is measured, beside whom, and what quality.md asks for."""

import dataclasses
from typing import Callable, Optional

OURS = "Purser"


@dataclasses.dataclass(frozen=True)
class Goal:
    """One figure to reach. With `beside`, the figure is the ratio to that contender's."""

    text: str
    figure: str
    bound: float
    at_most: bool = False
    beside: Optional[str] = None
    contender: str = OURS

    def value(self, results):
        """The figure, or None where a contender did not run."""
        own = results.get(self.contender, {}).get(self.figure)
        if own is None or self.beside is None:
            return own
        other = results.get(self.beside, {}).get(self.figure)
        return own / other if other else None

    def met(self, results):
        value = self.value(results)
        if value is None:
            return None
        return value <= self.bound if self.at_most else value >= self.bound


@dataclasses.dataclass(frozen=True)
class Measure:
    """`contenders`: name to run; Purser's first, and only those whose name begins with it need its programs."""

    name: str
    title: str
    figure: str
    unit: str
    contenders: dict[str, Callable[[], dict]]
    peers: list[str]
    limit: str
    goals: list[Goal]


# Eight callers who wait 50 ms for each answer can have 160 a second.
SIMULATOR = "the simulator alone, 8 callers"
MEMORY = Goal("meter's peak memory under 64 MiB", "memory_mib", 64, at_most=True)


def measures(c, events, seconds):
    """The measures over the contenders `c`. Slow peers get fewer events: their rates do not depend on it."""
    few, some = max(2000, events // 120), max(10000, events // 20)
    batched = {"events_per_message": 100}
    alone = {"pgbench batched, 2 connections": lambda: c.pgbench("batch.sql", 2, seconds, 2000)}
    # The loop that quality.md has figures for (53,000 to 56,000/s from the partitions) uses one connection; two are shown beside it.
    bare = "bare C, 1 connection"
    drain = {
        OURS: lambda: c.purser_drain(events, 2),
        "Purser, 1 lane": lambda: c.purser_drain(events, 1),
        bare: lambda: c.bare_drain(events, 1),
        "bare C, 2 connections": lambda: c.bare_drain(events, 2),
        "bare C, consume and acknowledge": lambda: c.bare_consume(events, 1),
        "Celery, a task per event": lambda: c.celery(few),
        "aio-pika, a transaction per event": lambda: c.aio_pika(few),
        "aio-pika, batches of 1,000": lambda: c.aio_pika(some, 1000),
        "pgbench batched, 1 connection": lambda: c.pgbench("batch.sql", 1, seconds, 2000),
        **alone,
    }
    return [
        Measure("drain", "drain a full usage queue, 2 lanes", "rate", "events/s", drain, [bare], "pgbench batched, 2 connections", [
            Goal("at least 60,000/s with two lanes", "rate", 60000),
            Goal("at least 40,000/s with one lane", "rate", 40000, contender="Purser, 1 lane"),
            Goal("at least 1.0 of the bare C loop", "rate", 1.0, beside=bare),
            MEMORY,
        ]),
        Measure("end-to-end", "producer to committed debit, all at once", "rate", "events/s", {
            OURS: lambda: c.purser_both(events // 3, 1),
            bare: lambda: c.bare_both(events // 3, 1),
            "publishing alone": lambda: c.bare_publish(events // 3),
        }, [bare], "publishing alone", [Goal("at least 0.85 of the bare C loop", "rate", 0.85, beside=bare)]),
        Measure("batched", "messages of 100 events each, 2 lanes", "rate", "events/s", {
            OURS: lambda: c.purser_drain(events, 2, batched),
            "bare C, 2 connections": lambda: c.bare_drain(events, 2, batched),
            **alone,
        }, ["bare C, 2 connections"], "pgbench batched, 2 connections", [Goal("at least 70,000 events/s", "rate", 70000), MEMORY]),
        Measure("hot", "one hot wallet takes everything, 2 lanes", "rate", "events/s", {
            OURS: lambda: c.purser_drain(events // 2, 2, {"hot": True}),
            "Purser, spread": lambda: c.purser_drain(events // 2, 2),
            bare: lambda: c.bare_drain(events // 2, 1, {"hot": True}),
        }, ["Purser, spread"], bare, [Goal("at least 0.5 of the spread rate", "rate", 0.5, beside="Purser, spread"), MEMORY]),
        Measure("lag", "published to committed at 1,000 events/s", "p99_ms", "ms p99", {
            OURS: lambda: c.purser_lag(1000 * seconds, 1000),
            bare: lambda: c.bare_lag(1000 * seconds, 1000),
        }, [bare], bare, [
            Goal("p50 under 5 ms", "p50_ms", 5, at_most=True),
            Goal("p99 under 25 ms", "p99_ms", 25, at_most=True),
        ]),
        Measure("call", "deduct with answer, one caller", "p99_ms", "ms p99", {
            OURS: lambda: c.purser_call(500 * seconds),
            "bare C that answers": lambda: c.bare_call(500 * seconds),
            "pgbench, a row a transaction": lambda: c.pgbench("single.sql", 1, seconds, 1),
        }, ["bare C that answers"], "pgbench, a row a transaction", [
            Goal("p50 under 3 ms", "p50_ms", 3, at_most=True),
            Goal("p99 under 10 ms", "p99_ms", 10, at_most=True),
        ]),
        Measure("purchases", "purchases completed, 8 lanes, the simulator answers in 50 ms", "rate", "purchases/s", {
            OURS: lambda: c.purchases.sell(200 * seconds, 8),
            "Purser, 1 lane": lambda: c.purchases.sell(30 * seconds, 1),
            SIMULATOR: lambda: c.purchases.simulator_alone(200 * seconds, 8),
        }, [SIMULATOR], SIMULATOR, [Goal("at least 120/s", "rate", 120)]),
    ]
