"""Servers of a test's own, which it may kill: started by the functions of ops/lib under PURSER_TEST_RUN."""

import os
import pathlib
import shutil
import signal
import subprocess

from _suite import Failed, wait_for

HERE = pathlib.Path(__file__).resolve().parent


class PrivateServers:
    def __init__(self, name):
        self.run = pathlib.Path(os.environ["PURSER_TEST_RUN"]) / f"{name}-{os.getpid()}"
        self.run.mkdir(parents=True)
        lines = self._do("start", seconds=180)
        addresses = dict(line.split("=", 1) for line in lines.splitlines() if "://" in line)
        self.database, self.amqp, self.admin = addresses["database"], addresses["amqp"], addresses["admin"]

    def _do(self, *words, seconds=150):
        # Into a file, not a pipe: the servers live on and would keep a pipe open.
        output = self.run / "said"
        with output.open("w") as file:
            command = ["bash", str(HERE / "_servers.sh"), str(self.run), *words]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, timeout=seconds, check=False)
        said = output.read_text()
        if done.returncode:
            raise Failed(f"{' '.join(words)}: {said.strip()[-600:]}")
        return said

    def pid(self, name):
        return int(self._do("pid", name).strip())

    def kill(self, name):
        """kill -9 of `postgres` or `rabbitmq`, by its pid."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        wait_for(f"{name} to be gone", lambda: not _alive(pid), 20)

    def start(self, name):
        self._do(name)

    def stop(self, name):
        self._do(f"stop-{name}")

    def rabbitmqctl(self, *words):
        return self._do("rabbitmqctl", *words)

    def remove(self):
        """Stops both and takes their data away; the logs stay."""
        self._do("stop")
        shutil.rmtree(self.run / "secrets", ignore_errors=True)


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
