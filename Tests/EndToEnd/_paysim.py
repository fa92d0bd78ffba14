"""The payment simulator of a test: the process, its control side, and a small server that takes its events."""

import http.server
import json
import os
import pathlib
import signal
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request

from _suite import Failed, wait_for

STRIPE_SECRET = "whsec_of_a_test"
PAYSTACK_KEY = "sk_test_of_a_test"


def required(name):
    value = os.environ.get(name)
    if not value:
        raise SystemExit(f"{name} is not set: ops/test sets it")
    return value


class Receiver:
    """Takes events on a free port and keeps them as they came. Answers what it is told to, 200 by default."""

    def __init__(self):
        self.events, self.answers, self.lock = [], [], threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with receiver.lock:
                    status = receiver.answers.pop(0) if receiver.answers else 200
                    receiver.events.append((self.path, dict(self.headers), body, status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken(self, path="/stripe"):
        """Headers and bodies of the events that were answered with success."""
        with self.lock:
            return [(headers, body) for where, headers, body, status in self.events if where == path and status == 200]

    def clear(self):
        with self.lock:
            self.events, self.answers = [], []

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Simulator:
    """A running purser-paysim with books of its own."""

    def __init__(self, name="paysim", **environment):
        self.folder = pathlib.Path(required("PURSER_TEST_RUN")) / "log" / f"e2e-{name}-{os.getpid()}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.books = self.folder / "books"
        self.books.unlink(missing_ok=True)
        self.environment = environment
        self.address, self.process = "127.0.0.1:0", None
        self.start()

    def start(self):
        environment = {"PATH": os.environ["PATH"], "STRIPE_WEBHOOK_SECRET": STRIPE_SECRET, "PAYSTACK_SECRET_KEY": PAYSTACK_KEY}
        environment |= {"PURSER_PAYSIM_ADDRESS": self.address, "PURSER_PAYSIM_BOOKS": str(self.books), "PURSER_LOG_FORMAT": "json"}
        log = self.folder / "purser-paysim.log"
        begin = log.stat().st_size if log.exists() else 0
        with log.open("a") as file:
            program = pathlib.Path(required("PURSER_TEST_PROGRAMS")) / "purser-paysim"
            self.process = subprocess.Popen([program], env=environment | self.environment, stdin=subprocess.DEVNULL, stderr=file)
        self.log = log

        def listening():
            if self.process.poll() is not None:
                raise Failed(f"purser-paysim ended with {self.process.returncode}: {log.read_text()[-500:]}")
            for line in log.read_text()[begin:].splitlines():
                if '"simulator listens"' in line:
                    return json.loads(line)["server.address"]
            return None

        # The same port after a restart: its callers know it.
        self.address = wait_for("purser-paysim to listen", listening)

    @property
    def url(self):
        return f"http://{self.address}"

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """SIGTERM. Returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sim/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def fault(self, kind, **details):
        return self.control("POST", "faults", {"kind": kind, **details})

    def clear_faults(self):
        self.control("DELETE", "faults")

    def charges(self, **filters):
        return self.control("GET", "charges?" + urllib.parse.urlencode(filters))["charges"]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def browse(url, **fields):
    """What a browser does with a form. Returns status, place to go on to, and text."""
    data = urllib.parse.urlencode(fields).encode() if fields else None
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(urllib.request.Request(url, data=data), timeout=20) as answer:
            return answer.status, None, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location"), error.read().decode()
