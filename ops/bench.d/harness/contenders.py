"""One run of one contender: prepares, lets it work, checks that it did the work, returns its figures.

Rates come from the database's own commit times, for Purser and its peers alike: rows after the first commit by the time from the
first to the last. Only what has no database, and pgbench, tells its rate itself.
"""

import math
import subprocess

from programs import peak_memory_mib, shared_memory_mib
from purchases import Purchases
from servers import HERE, OURS, PEERS, BenchError

USAGE = "type = 'usage' AND source = '/bench'"
PROBES = 64
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def percentile(values, part):
    """The nearest rank of a sorted list."""
    return values[max(0, math.ceil(part * len(values)) - 1)]


def published_at(event_id):
    """The moment that our producer hides in an id (event.c): milliseconds, then microseconds within."""
    value = 0
    for letter in event_id[:18]:
        value = value * 32 + ALPHABET.index(letter)
    return (value >> 40) / 1e3 + (value >> 30 & 1023) / 1e6


def rate_of(commits):
    """Rows per second from the first commit to the last."""
    if len(commits) < 2:
        raise BenchError("too few transactions to tell a rate: use more events")
    return sum(rows for _, rows in commits[1:]) / (commits[-1][0] - commits[0][0])


class Contenders:
    """The runs. `lanes`, `load` and so on come from the measure; servers and programs are the same for all."""

    def __init__(self, database, broker, programs, servers_pids):
        self.database, self.broker, self.programs, self.servers_pids = database, broker, programs, servers_pids
        self.purchases = Purchases(self)

    @staticmethod
    def rate_of(commits):
        return rate_of(commits)

    # Preparation

    def ready_peers(self):
        self.database.fresh_peers()
        self.broker.purge()
        self.database.settle()

    def ready_purser(self):
        self.database.fresh_purser()
        self.broker.purge()
        self.database.settle()

    def fill(self, events, load):
        published = self.programs.peer("publish", count=events, **load)
        self.database.settle()
        return published

    # Results

    def peer_commits(self, events, source="/bench"):
        commits = self.database.commits(PEERS, "bench_events", f"source = '{source}'")
        count = sum(rows for _, rows in commits)
        subtracted = int(self.database.sql(PEERS, "SELECT sum(1000000000000 - current_balance) FROM bench_balances"))
        if count != events or subtracted < events:
            raise BenchError(f"bare C recorded {count} of {events} events and subtracted {subtracted}")
        return commits

    def purser_commits(self, events):
        commits = self.database.commits(OURS, "token_balance_history", USAGE)
        text = (
            "SELECT count(*), count(*) FILTER (WHERE outcome = 'debited' AND amount = -1), -sum(amount)"
            f" FROM token_balance_history WHERE {USAGE}"
        )
        count, debited, tokens = self.database.rows(OURS, text)[0]
        if (int(count), int(debited), int(tokens)) != (events, events, events):
            raise BenchError(f"Purser recorded {count} of {events} events, {debited} debited, {tokens} tokens")
        wrong = self.database.sql(
            OURS,
            "SELECT count(*) FROM organization_token_wallets w JOIN token_lots l ON l.wallet_id = w.id"
            " WHERE w.current_balance <> l.remaining OR w.current_balance <> 1000000000 - w.total_spent",
        )
        if wrong != "0":
            raise BenchError(f"{wrong} wallets whose balance is not that of their lot")
        return commits

    def with_memory(self, figures, own_mib):
        figures["memory_mib"] = own_mib
        for name, pid in self.servers_pids.items():
            figures[f"{name}_mib"] = peak_memory_mib(pid) if name == "broker" else shared_memory_mib(pid)
        return figures

    # Draining a full queue

    def bare_drain(self, events, lanes=1, load=None):
        self.ready_peers()
        self.fill(events, load or {})
        result = self.programs.peer("drain", count=events, lanes=lanes)
        commits = self.peer_commits(events)
        figures = {"rate": rate_of(commits), "batch": events / len(commits), "own_rate": result["rate"]}
        return self.with_memory(figures, round(result["memory_kib"] / 1024, 1))

    def purser_drain(self, events, lanes=1, load=None):
        self.ready_purser()
        self.fill(events, load or {})
        meter = self.programs.start_meter(lanes)
        self.programs.wait_for_purser(meter, events)
        own_mib = self.programs.stop(meter)
        commits = self.purser_commits(events)
        return self.with_memory({"rate": rate_of(commits), "batch": events / len(commits)}, own_mib)

    def bare_consume(self, events, lanes=1, load=None):
        load = load or {}
        self.ready_peers()
        self.fill(events, load)
        result = self.programs.peer("consume", count=events, lanes=lanes, events_per_message=load.get("events_per_message"))
        return {"rate": result["rate"], "memory_mib": round(result["memory_kib"] / 1024, 1)}

    def bare_publish(self, events, load=None):
        self.ready_peers()
        result = self.fill(events, load or {})
        return {"rate": result["rate"], "memory_mib": round(result["memory_kib"] / 1024, 1)}

    def celery(self, events):
        self.ready_peers()
        self.programs.python_peer("celery_publish.py", events, self.database.wallets)
        self.database.settle()
        worker = self.programs.start_celery(4)
        self.programs.wait_for_ledger(worker, events)
        own_mib = self.programs.stop(worker)
        return self.with_memory({"rate": rate_of(self.database.commits(PEERS, "bench_ledger"))}, own_mib)

    def aio_pika(self, events, batch=1):
        self.ready_peers()
        self.fill(events, {})
        result = self.programs.python_peer("aiopika_worker.py", "--count", events, "--batch", batch)
        commits = self.database.commits(PEERS, "bench_ledger")
        if result["events"] != events or sum(rows for _, rows in commits) != events:
            raise BenchError(f"aio-pika recorded {result['events']} of {events} events")
        return self.with_memory({"rate": rate_of(commits)}, round(result["memory_kib"] / 1024, 1))

    # Producer and consumer at once

    def end_to_end(self, commits, published):
        return {"rate": sum(rows for _, rows in commits) / (commits[-1][0] - published["began"]), "published_rate": published["rate"]}

    def bare_both(self, events, lanes=1, load=None):
        self.ready_peers()
        drain = self.programs.start_peer("drain", count=events + PROBES, lanes=lanes, answer=True)
        self.probe()
        published = self.programs.peer("publish", count=events, **(load or {}))
        result = self.programs.finish(drain)
        figures = self.end_to_end(self.peer_commits(events), published)
        return self.with_memory(figures, round(result["memory_kib"] / 1024, 1))

    def purser_both(self, events, lanes=1, load=None):
        self.ready_purser()
        meter = self.programs.start_meter(lanes)
        self.probe()
        published = self.programs.peer("publish", count=events, **(load or {}))
        self.programs.wait_for_purser(meter, events + PROBES)
        own_mib = self.programs.stop(meter)
        return self.with_memory(self.end_to_end(self.purser_commits(events), published), own_mib)

    def probe(self):
        """The consumer serves every partition: 64 calls reach all eight but once in 600 runs."""
        return self.programs.peer("call", count=PROBES, warmup=0, source="/bench/probe")

    # Lag

    def lag(self, name, table, condition, flushes):
        """Milliseconds from publication to commit. A commit's time is taken before its flush: the mean flush of the run is added."""
        count, spent = (after - before for after, before in zip(self.database.flushes(), flushes))
        flush = spent / count if count else 0.0
        text = f"SELECT event_id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM {table} WHERE {condition}"
        lags = sorted((float(moment) - published_at(event)) * 1e3 + flush for event, moment in self.database.rows(name, text))
        return {"p50_ms": percentile(lags, 0.5), "p99_ms": percentile(lags, 0.99), "max_ms": lags[-1], "flush_ms": flush}

    def bare_lag(self, events, rate):
        self.ready_peers()
        drain = self.programs.start_peer("drain", count=events + PROBES, answer=True)
        self.probe()
        flushes = self.database.flushes()
        self.programs.peer("publish", count=events, rate=rate)
        self.programs.finish(drain)
        self.peer_commits(events)
        return self.lag(PEERS, "bench_events", "source = '/bench'", flushes)

    def purser_lag(self, events, rate):
        self.ready_purser()
        meter = self.programs.start_meter(1)
        self.probe()
        flushes = self.database.flushes()
        self.programs.peer("publish", count=events, rate=rate)
        self.programs.wait_for_purser(meter, events + PROBES)
        own_mib = self.programs.stop(meter)
        self.purser_commits(events)
        return self.with_memory(self.lag(OURS, "token_balance_history", USAGE, flushes), own_mib)

    # Request and reply

    def call_figures(self, result):
        if result["refused"]:
            raise BenchError(f"{result['refused']} of {result['events']} calls were refused")
        return {key: result[key] for key in ("p50_ms", "p99_ms", "max_ms", "rate")}

    def bare_call(self, events):
        self.ready_peers()
        drain = self.programs.start_peer("drain", count=events + 200, answer=True)
        result = self.programs.peer("call", count=events, warmup=200)
        self.programs.finish(drain)
        return self.call_figures(result)

    def purser_call(self, events):
        self.ready_purser()
        meter = self.programs.start_meter(1)
        result = self.programs.peer("call", count=events, warmup=200)
        self.programs.wait_for_purser(meter, events + 200)
        own_mib = self.programs.stop(meter)
        return self.with_memory(self.call_figures(result), own_mib)

    # The database alone

    def pgbench(self, script, clients, seconds, rows):
        self.database.fresh_peers()
        self.database.settle()
        command = ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds)]
        command += ["-D", f"wallets={self.database.wallets}", "-D", f"clients={clients}", "-f", str(HERE / "sql" / script)]
        done = subprocess.run([*command, self.database.url(PEERS)], capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        rates = [float(line.split()[2]) for line in lines if line.startswith("tps = ")]
        latencies = [float(line.split()[3]) for line in lines if line.startswith("latency average")]
        if done.returncode or not rates or not any(line.startswith("number of failed transactions: 0") for line in lines):
            raise BenchError(f"pgbench: {done.stderr.strip()}")
        return {"rate": rates[0] * rows, "mean_ms": latencies[0]}
