"""A world of its own for a test: virtual host, database, logins with the rights of the deployment, and the programs in it."""

import json
import os
import pathlib
import signal
import subprocess
import urllib.parse

import pika.exceptions
import psycopg
import psycopg.rows

import _events
import _ledger
import _schemas
from _broker import Caller, Management, Reader, publish_all
from _suite import Failed, equal, expect, wait_for

PARTITIONS = [f"purser.usage.{number}" for number in range(8)]
CONSUMERS = ["billing", "topup", "notifier", "forecaster", "expiry", "meter"]
DEAD = [f"purser.{name}.dead" for name in ["usage", *CONSUMERS]]
DELAYS = ["10s", "1m", "10m", "1h", "6h", "1d", "2d"]
WATCHED = "e2e.events"


def required(name):
    value = os.environ.get(name)
    if not value:
        raise SystemExit(f"{name} is not set: ops/test sets it, and starts the servers that it names")
    return value


ROOT = pathlib.Path(required("PURSER_TEST_ROOT"))


def replaced(url, user=None, password=None, path=None):
    split = urllib.parse.urlsplit(url)
    login, _, host = split.netloc.rpartition("@")
    if user is not None:
        login = f"{user}:{password}"
    return urllib.parse.urlunsplit(split._replace(netloc=f"{login}@{host}", path=split.path if path is None else path))


class Program:
    """A running program of Purser, its log, and signals by its pid."""

    def __init__(self, process, log):
        self.process, self.log = process, log

    @property
    def pid(self):
        return self.process.pid

    @property
    def running(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=40):
        """SIGTERM, and a clean end."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"{self.log.name}: not ended {seconds} s after SIGTERM") from None
        expect(code == 0, f"{self.log.name}: ended with {code} after SIGTERM: {self.tail()}")

    def tail(self, lines=5):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class World:
    """`servers` has addresses of the owners (`database`, `amqp`, `admin`); without it the servers of ops/test are used."""

    def __init__(self, name, servers=None):
        self.name = f"e2e-{name}-{os.getpid()}"
        self.database_name = self.name.replace("-", "_")
        amqp = servers.amqp if servers else required("PURSER_TEST_AMQP_URL")
        admin = servers.admin if servers else required("PURSER_TEST_AMQP_ADMIN_URL")
        self.server_database = servers.database if servers else required("PURSER_TEST_DATABASE_URL")
        self.private = servers is not None
        self.programs = pathlib.Path(required("PURSER_TEST_PROGRAMS"))
        self.logs = pathlib.Path(required("PURSER_TEST_RUN")) / "log" / self.name
        self.logs.mkdir(parents=True, exist_ok=True)
        self.amqp = replaced(amqp, path="/" + self.name)
        self.admin = replaced(admin, path="/" + self.name)
        self.database = replaced(self.server_database, path="/" + self.database_name)
        self.management = Management(admin)
        # What answers and events have that topology/schemas does not, or the other way round.
        self.breaches = set()
        self.started, self.numbers, self.connection, self.seen_events, self.organizations = [], {}, None, [], 0
        self.rights = {each["user"]: each for each in json.loads((ROOT / "topology" / "permissions.json").read_text())["users"]}
        self._make()

    # Making and removing

    def _make(self):
        self.management.call("PUT", f"vhosts/{self.name}", {})
        self._permit(self.management.user, {"configure": ".*", "write": ".*", "read": ".*"})
        with psycopg.connect(self.server_database, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self.database_name}")
        self.purser_ok("migrate")
        self.purser_ok("topology", "apply")
        for user, rights in self.rights.items():
            self.management.call("PUT", f"users/{user}", {"password": f"e2e-{user}", "tags": ",".join(rights["tags"])})
        for row in self.rows("SELECT rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = 'Made by Purser'"):
            self.execute(f"ALTER ROLE {row['rolname']} LOGIN PASSWORD 'e2e-{row['rolname']}'")
        self.reader = Reader(self.amqp)
        self.reader.declare(WATCHED, durable=True)
        self.reader.bind(WATCHED, "purser.events", "#")
        self.callers = {}

    def _permit(self, user, rights):
        self.management.call("PUT", f"permissions/{self.name}/{urllib.parse.quote(user)}", rights)

    def remove(self):
        for program in self.started:
            if program.running:
                program.kill()
        for client in [*self.callers.values(), self.reader]:
            try:
                client.close()
            except (pika.exceptions.AMQPError, OSError):
                # A connection that a test has cut is no reason to leave the rest behind.
                continue
        if self.connection is not None:
            self.connection.close()
        if self.private:
            # They go with all that is in them.
            return
        self.management.call("DELETE", f"vhosts/{self.name}", missing=True)
        with psycopg.connect(self.server_database, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self.database_name} WITH (FORCE)")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def shorten_delays(self, delays=(("10s", 1000), ("1m", 2000)), consumers=("meter", "billing")):
        """Steps of the delay ladder in milliseconds, the first two as one and two seconds, by policies above the topology's."""
        for consumer in consumers:
            for delay, milliseconds in delays:
                definition = {
                    "message-ttl": milliseconds,
                    "dead-letter-exchange": "",
                    "dead-letter-routing-key": f"purser.{consumer}",
                    "dead-letter-strategy": "at-least-once",
                    "overflow": "reject-publish",
                }
                pattern = f"^purser\\.{consumer}\\.retry\\.{delay}$"
                policy = {"pattern": pattern, "apply-to": "queues", "priority": 100, "definition": definition}
                self.management.call("PUT", f"policies/{self.name}/e2e-{consumer}-{delay}", policy)

    # Addresses

    def amqp_as(self, user):
        return replaced(self.amqp, user, f"e2e-{user}")

    def database_as(self, role):
        return replaced(self.database, role, f"e2e-{role}")

    # The database

    def db(self):
        if self.connection is None or self.connection.closed or self.connection.broken:
            self.connection = psycopg.connect(self.database, autocommit=True, row_factory=psycopg.rows.dict_row, connect_timeout=10)
        return self.connection

    def execute(self, text, *values):
        try:
            return self.db().execute(text, values or None)
        except psycopg.OperationalError:
            # The server was restarted since the connection was used last; a second failure is one.
            self.connection = None
            return self.db().execute(text, values or None)

    def rows(self, text, *values):
        return self.execute(text, *values).fetchall()

    def row(self, text, *values):
        return self.execute(text, *values).fetchone()

    def value(self, text, *values):
        row = self.row(text, *values)
        return None if row is None else next(iter(row.values()))

    def wallet(self, organization):
        return self.row("SELECT * FROM organization_token_wallets WHERE organization_id = %s", organization)

    def lots(self, organization):
        text = """
            SELECT l.* FROM token_lots l JOIN organization_token_wallets w ON w.id = l.wallet_id
            WHERE organization_id = %s ORDER BY lot_id
        """
        return self.rows(text, organization)

    def ledger(self, organization, type=None):
        text = "SELECT * FROM token_transactions WHERE organization_id = %s AND (%s::text IS NULL OR type = %s) ORDER BY sequence"
        return self.rows(text, organization, type, type)

    def usage_rows(self, event):
        """The usage rows of an event's identity, with their draws."""
        text = "SELECT * FROM token_balance_history WHERE type = 'usage' AND source = %s AND event_id = %s"
        return self.rows(text, event["source"], event["id"])

    def refusals(self, event):
        text = "SELECT * FROM usage_refusals WHERE source = %s AND event_id = %s ORDER BY first_seen, reason"
        return self.rows(text, event["source"], event["id"])

    def recorded(self, event, seconds=15):
        """The one usage row of an event, as soon as it is there."""
        found = wait_for(f"event {event['id']} in the ledger", lambda: self.usage_rows(event), seconds)
        equal(len(found), 1, f"usage rows of {event['id']}")
        return found[0]

    def refused(self, event, seconds=15):
        return wait_for(f"event {event['id']} among the refusals", lambda: self.refusals(event), seconds)[0]

    def snapshot(self):
        """Everything that a bad message must not change, as one value to compare."""
        tables = self.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT IN "
            "('consumer_heartbeats', 'suspect_messages', 'processed_requests') ORDER BY relname"
        )
        queries = [
            f"SELECT '{t['relname']}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum FROM {t['relname']} t"
            for t in tables
        ]
        return {row["name"]: row["sum"] for row in self.rows(" UNION ALL ".join(queries))}

    def unchanged(self, before):
        after = self.snapshot()
        equal({name for name in before if before[name] != after[name]}, set(), "tables that changed")

    # Programs

    def environment(self, program, **more):
        """What a program sees: its own logins and nothing of ours."""
        role = program.replace("-", "_")
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.logs),
            "AMQP_URL": self.amqp_as(program),
            "DATABASE_URL": self.database_as(role),
            "LOG_LEVEL": "info",
            "LOG_FORMAT": "json",
        }
        return {**own, **more}

    def start(self, program, *arguments, ready=True, **environment):
        number = self.numbers[program] = self.numbers.get(program, 0) + 1
        log = self.logs / f"{program}-{number}.log"
        with log.open("wb") as file:
            command = [str(self.programs / program), *arguments]
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, env=self.environment(program, **environment)
            )
        running = Program(process, log)
        self.started.append(running)
        if ready:
            self.await_ready(running, program)
        return running

    def await_ready(self, running, program, seconds=20):
        queues = [*PARTITIONS, "purser.meter"] if program == "purser-meter" else ["purser.billing"]

        def consuming():
            expect(running.running, lambda: f"{program} ended with {running.process.returncode}: {running.tail()}")
            return all(self.reader.consumers(queue) > 0 for queue in queues)

        wait_for(f"{program} to consume", consuming, seconds)

    def meter(self, *arguments, **environment):
        return self.start("purser-meter", *arguments, **environment)

    def billing(self, *arguments, **environment):
        return self.start("purser-billing", *arguments, **environment)

    def purser(self, *arguments, seconds=60, input=None, **environment):
        """The command line, as the operator; `migrate` has the owner's address besides."""
        own = self.environment("purser-operator", AMQP_ADMIN_URL=self.admin, DATABASE_ADMIN_URL=self.database, NO_COLOR="1", **environment)
        command = [str(self.programs / "purser"), *arguments]
        return subprocess.run(command, env=own, input=input, capture_output=True, text=True, timeout=seconds, check=False, cwd=ROOT)

    def purser_ok(self, *arguments, **options):
        done = self.purser(*arguments, **options)
        words = f"purser {' '.join(arguments)} ended with {done.returncode}: {(done.stderr + done.stdout).strip()[-800:]}"
        expect(done.returncode == 0, words)
        return done

    # Messages

    def publish(self, *messages, user="purser-producer", **options):
        """Confirmed and mandatory. A message may be an event, which then goes as structured JSON."""
        ready = [message if isinstance(message, tuple) else _events.structured(message) for message in messages]
        return publish_all(self.amqp_as(user), ready, **options)

    def caller(self, user="purser-gateway"):
        caller = self.callers.get(user)
        if caller is None or not caller.connection.is_open:
            caller = self.callers[user] = Caller(self.amqp_as(user))
        return caller

    def ask(self, event, user="purser-gateway", seconds=15):
        message = event if isinstance(event, tuple) else _events.structured(event)
        answer = self.caller(user).ask(message, seconds)
        self.breaches.update(_schemas.answer_mistakes(answer))
        return answer

    def ask_ok(self, event, **options):
        answer = self.ask(event, **options)
        expect(answer["ok"] is True, lambda: f"refused: {answer}")
        return answer["result"]

    def ask_refused(self, event, code, **options):
        answer = self.ask(event, **options)
        expect(answer["ok"] is False, lambda: f"not refused: {answer}")
        equal(answer["error"]["code"], code, f"the code of {answer['error']}")
        expect(answer["error"].get("detail"), "a refusal without a detail")
        return answer["error"]

    def command(self, type, organization, data=None, **more):
        return self.ask_ok(_events.event(type, organization, data or {}, **more))

    def rate(self, service, tokens=None, **more):
        data = {"service": service, **({"pass_through": True} if tokens is None else {"tokens_per_unit": tokens}), **more}
        return self.command("meter.rate_set", None, data)

    def grant(self, organization, tokens, **more):
        return self.command("billing.grant", organization, {"tokens": tokens, "reason": "e2e", **more})

    def organization(self, tokens=100, **settings):
        """A new organization with so many granted tokens, and settings of its wallet."""
        self.organizations += 1
        organization = f"org-{self.organizations}"
        if tokens:
            self.grant(organization, tokens)
        else:
            self.command("billing.wallet_open", organization)
        if settings:
            self.settings(organization, **settings)
        return organization

    def settings(self, organization, **settings):
        return self.command("billing.wallet_settings", organization, settings)

    def announced(self, type=None, **wanted):
        """The events of purser.events so far, of a type, whose data (or subject) has these values."""
        for fields, body in self.reader.take_all(WATCHED):
            event = json.loads(body)
            equal(fields.type, event["type"], "the property type of an event")
            equal(fields.message_id, event["id"], "the property message_id of an event")
            self.seen_events.append(event)
            self.breaches.update(_schemas.event_mistakes(event))
        found = [event for event in self.seen_events if type is None or event["type"] == type]
        for name, value in wanted.items():
            found = [event for event in found if (event.get("subject") if name == "subject" else event["data"].get(name)) == value]
        return found

    def announcement(self, type, seconds=15, **wanted):
        """Exactly one such event (an event may be published again under its id)."""
        found = wait_for(f"the event {type} {wanted}", lambda: self.announced(type, **wanted), seconds)
        equal(len({event["id"] for event in found}), 1, f"events {type} {wanted}")
        return found[0]

    # The end

    def dead_letters(self):
        return sum(self.reader.state(queue)[0] for queue in DEAD)

    def drained(self):
        """Nothing waits anywhere: not in the work queues, the retry ladders, or the outbox."""
        ladders = [f"purser.{name}.retry.{delay}" for name in ("meter", "billing") for delay in DELAYS]
        if self.reader.waiting(*PARTITIONS, "purser.meter", "purser.billing", *ladders):
            return False
        return self.value("SELECT count(*) FROM outbox") == 0

    def check_identities(self, verify=True):
        found = _ledger.problems(self.db())
        expect(not found, lambda: "; ".join(found))
        if verify:
            self.purser_ok("ledger", "verify")
