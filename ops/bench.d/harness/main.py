"""Runs the measures, Purser and its peers by turns, and reports. Started by ops/bench, which names the servers in the environment."""

import argparse
import os
import pathlib
import sys
import time

import report
from contenders import Contenders
from measures import OURS, measures
from programs import Programs
from servers import ROOT, BenchError, Broker, Database

NAMES = ["drain", "end-to-end", "batched", "hot", "lag", "call", "purchases"]


def options():
    parser = argparse.ArgumentParser(prog="ops/bench", description="Measures Purser beside its peers and limits.")
    parser.add_argument("measure", nargs="*", metavar="MEASURE", help=f"which ones: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of everything, by turns; the median counts (default 3)")
    parser.add_argument("--events", type=int, default=600_000, help="events of a drain (default 600,000)")
    parser.add_argument("--wallets", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=10, help="length of the timed measures (default 10)")
    parser.add_argument("--only", metavar="TEXT", help="only contenders whose name contains one of TEXT|TEXT|...")
    parser.add_argument("--peers", action="store_true", help="peers and limits only, without Purser")
    parser.add_argument("--patience", type=int, default=60, help="seconds without progress after which a run has failed")
    parser.add_argument("--keep", action="store_true", help="leave the virtual host and the databases behind")
    parser.add_argument("--check-arguments", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    unknown = [name for name in chosen.measure if name not in NAMES]
    if unknown:
        parser.error(f"unknown measure {', '.join(unknown)}: {', '.join(NAMES)}")
    if min(chosen.rounds, chosen.wallets, chosen.seconds, chosen.patience) < 1 or chosen.events < 1000:
        parser.error("rounds, wallets, seconds and patience are at least 1, events at least 1,000")
    return chosen


def wanted(measure, chosen):
    """The contenders of a measure that this run has use for, in order."""
    return [
        name
        for name in measure.contenders
        if not (chosen.peers and name.startswith(OURS)) and (chosen.only is None or any(part in name.lower() for part in chosen.only.lower().split("|")))
    ]


def run_measure(measure, chosen):
    """Rounds by turns. Every other round in reverse order, so that nobody always runs after the same neighbour."""
    rounds = {name: [] for name in wanted(measure, chosen)}
    for turn in range(chosen.rounds):
        for name in list(rounds) if turn % 2 == 0 else reversed(list(rounds)):
            print(f"    {measure.name}, round {turn + 1} of {chosen.rounds}: {name} … ", end="", flush=True)
            figures = measure.contenders[name]()
            rounds[name].append(figures)
            print(f"{report.number(figures.get(measure.figure, figures.get('mean_ms')))} {measure.unit}", flush=True)
    return {name: report.summary(list_of_rounds) for name, list_of_rounds in rounds.items()}


def servers_pids():
    """Broker and database by pid, where they are ours and can be looked at."""
    pids = {"broker": os.environ.get("PURSER_BENCH_BROKER_PID"), "database": os.environ.get("PURSER_BENCH_DATABASE_PID")}
    return {name: int(pid) for name, pid in pids.items() if pid}


def main():
    chosen = options()
    if chosen.check_arguments:
        return 0
    began = time.time()
    load = os.getloadavg()
    if load[0] > 0.5:
        print(f"    warning: the machine is not idle (load {load[0]:.1f}), the figures will be low", file=sys.stderr)
    database = Database(os.environ["PURSER_BENCH_DATABASE_URL"], chosen.wallets)
    if not database.commit_times:
        print("ops/bench: the database server needs track_commit_timestamp = on: the rates are read from it", file=sys.stderr)
        return 78
    broker = Broker(os.environ["PURSER_BENCH_AMQP_URL"], os.environ["PURSER_BENCH_AMQP_ADMIN_URL"])
    programs = Programs(os.environ["PURSER_BENCH_RUN"], database, broker, chosen.patience)
    contenders = Contenders(database, broker, programs, servers_pids())
    measured = []
    # A part of the measures must not take the place of a whole run.
    part = "" if not chosen.measure and not chosen.only else "-" + "-".join(chosen.measure or ["part"])
    path = ROOT / ".run" / "results" / f"bench{part}.json"
    try:
        database.prepare(with_purser=not chosen.peers)
        for measure in measures(contenders, chosen.events, chosen.seconds):
            if (not chosen.measure or measure.name in chosen.measure) and wanted(measure, chosen):
                broker.prepare()
                measured.append((measure, run_measure(measure, chosen)))
                report.print_measure(*measured[-1])
                report.write_json(path, measured, {**vars(chosen), "load_before": load}, began)
        missed = report.print_goals(measured)
    except BenchError as error:
        print(f"\nops/bench: {error}", file=sys.stderr)
        return 70
    finally:
        programs.stop_all()
        if not chosen.keep:
            broker.drop()
            database.drop()
    print(f"\nwritten to {path.relative_to(ROOT)}; took {time.time() - began:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
