"""Starts the programs that are measured and reads their memory."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import time

from servers import HERE, OURS, PEERS, ROOT, BenchError


def peak_memory_mib(pid):
    """VmHWM of a living process, None when it is gone or not ours to see."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    except OSError:
        pass
    return None


def descendants(pid):
    """The process and all that come from it."""
    found = [pid]
    for parent in found:
        # Processes end while we look.
        try:
            for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass
    return found


def shared_memory_mib(pid):
    """What a process and its children take together; pages that they share are counted once."""
    total = 0
    for each in descendants(pid):
        try:
            for line in pathlib.Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            pass
    return round(total / 1024, 1) or None


class Programs:
    """Every program by its command, with the servers' addresses filled in."""

    def __init__(self, run, database, broker, patience):
        self.run, self.database, self.broker, self.patience = pathlib.Path(run), database, broker, patience
        self.python = self.run / "venv" / "bin" / "python"
        self.log = (self.run / "log" / "bench-programs.log").open("ab")
        self.started = []

    # The C peer

    def peer_command(self, mode, **options):
        command = [str(self.run / "bench-peer"), mode, "--amqp", self.broker.url, "--idle", str(self.patience)]
        if mode in ("drain", "both"):
            command += ["--database", self.database.url(PEERS)]
        if mode in ("publish", "call"):
            command += ["--wallets", str(self.database.wallets)]
        for name, value in options.items():
            if value is True:
                command.append("--" + name.replace("_", "-"))
            elif value is not None and value is not False:
                command += ["--" + name.replace("_", "-"), str(value)]
        return command

    def peer(self, mode, **options):
        """Runs the C peer to its end and returns what it measured."""
        return self.finish(self.start(self.peer_command(mode, **options)))

    def start_peer(self, mode, **options):
        return self.start(self.peer_command(mode, **options))

    # Python peers

    def python_environment(self):
        servers = {"BENCH_AMQP_URL": self.broker.url, "BENCH_DATABASE_URL": self.database.url(PEERS)}
        return {**os.environ, **servers, "PYTHONDONTWRITEBYTECODE": "1"}

    def python_peer(self, script, *arguments):
        command = [str(self.python), str(HERE / "python" / script), *map(str, arguments)]
        return self.finish(self.start(command, environment=self.python_environment()))

    def start_celery(self, concurrency):
        command = [str(self.python), "-m", "celery", "-A", "celery_worker", "worker", "--concurrency", str(concurrency)]
        command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        return self.start(command, environment=self.python_environment(), folder=HERE / "python")

    # Purser

    def start_meter(self, lanes):
        return self.start_consumer("purser-meter", lanes, self.database.role_url("meter"))

    def start_consumer(self, name, lanes, database_url, more=None):
        environment = {**os.environ, "AMQP_URL": self.broker.url, "DATABASE_URL": database_url, "LOG_LEVEL": "warning", **(more or {})}
        return self.start([str(ROOT / ".build" / "release" / name), "--lanes", str(lanes)], environment=environment)

    # Processes

    def start(self, command, environment=None, folder=None, log=None):
        with log.open("ab") if log else contextlib.nullcontext(self.log) as errors:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment, cwd=folder, text=True)
        self.started.append(process)
        return process

    def finish(self, process):
        """Waits for a program that ends by itself and prints one line of JSON."""
        try:
            output, _ = process.communicate(timeout=20 * self.patience)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise BenchError(f"{process.args[0]} does not end") from error
        if process.returncode:
            raise BenchError(f"{' '.join(process.args[:2])} ended with {process.returncode}, see {self.log.name}")
        lines = [line for line in output.splitlines() if line.startswith("{")]
        return json.loads(lines[-1]) if lines else {}

    def stop(self, process):
        """Ends a program that runs for ever; returns the most memory that it used, with its children's."""
        if process.poll() is not None:
            raise BenchError(f"{process.args[0]} ended by itself with {process.returncode}, see {self.log.name}")
        peaks = [peak_memory_mib(pid) for pid in descendants(process.pid)]
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=40)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise BenchError(f"{process.args[0]} does not end on SIGTERM") from error
        if process.returncode:
            raise BenchError(f"{process.args[0]} ended with {process.returncode} on SIGTERM, see {self.log.name}")
        return round(sum(peak for peak in peaks if peak), 1) or None

    def stop_all(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()

    # Progress

    def wait_for_purser(self, process, events):
        """Until so many usage rows are committed: the wallets' own counters are asked, which are few rows."""
        query = "SELECT coalesce(sum(ledger_sequence - 1), 0) FROM organization_token_wallets"
        self._wait(process, OURS, query, events)

    def wait_for(self, process, query, count):
        """Until a question to our database is answered by so many."""
        self._wait(process, OURS, query, count)

    def wait_for_ledger(self, process, events):
        self._wait(process, PEERS, "SELECT sum(ledger_sequence) FROM bench_wallets", events)

    def _wait(self, process, name, query, events):
        count, deadline = -1, time.monotonic() + self.patience
        with self.database.asking(name) as ask:
            while count < events:
                time.sleep(1)
                if process.poll() is not None:
                    raise BenchError(f"{process.args[0]} ended by itself with {process.returncode}, see {self.log.name}")
                before, count = count, ask(query)
                if count > before:
                    deadline = time.monotonic() + self.patience
                elif time.monotonic() > deadline:
                    state = f"nothing moved for {self.patience} s, {count} of {events} events handled"
                    raise BenchError(f"{process.args[0]}: {state}, see {self.log.name}")
