"""The broker and the database of a bench: a virtual host and databases of its own, the same for Purser and its peers."""

import contextlib
import json
import pathlib
import subprocess
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
VHOST = "purser-bench"
TEMPLATE, OURS, PEERS = "purser_bench_template", "purser_bench", "purser_bench_peers"
PARTITIONS = [f"purser.usage.{n}" for n in range(8)]


class BenchError(Exception):
    """A measurement that cannot be used, with the reason for people."""


def replaced(url, **parts):
    """The URL with another path, user or password."""
    split = urllib.parse.urlsplit(url)
    login, _, host = split.netloc.rpartition("@")
    if "user" in parts:
        login = f"{parts['user']}:{parts['password']}"
    netloc = f"{login}@{host}" if login else host
    return urllib.parse.urlunsplit(split._replace(netloc=netloc, path=parts.get("path", split.path)))


class Database:
    """A superuser's view of the cluster, through psql: nothing to install."""

    ROLES = ("meter", "billing")

    def __init__(self, url, wallets):
        self.admin = url
        self.wallets = wallets
        self.commit_times = self.sql("postgres", "SHOW track_commit_timestamp") == "on"

    def url(self, name):
        return replaced(self.admin, path=f"/{name}")

    def role_url(self, program):
        """A login with the rights of a program's role."""
        login = f"purser_bench_{program}"
        return replaced(self.admin, path=f"/{OURS}", user=login, password=login)

    def sql(self, name, text, *options):
        return self._psql(name, ["-c", text, *options])

    def file(self, name, path):
        return self._psql(name, ["-v", f"wallets={self.wallets}", "-f", str(path)])

    def _command(self, name):
        return ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url(name)]

    @contextlib.contextmanager
    def asking(self, name):
        """A function that asks for one number, through one session: a psql for each question of a run would take part in what is measured."""
        with subprocess.Popen(self._command(name), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as session:
            def ask(query):
                session.stdin.write(f"{query};\n")
                session.stdin.flush()
                answer = session.stdout.readline().strip()
                if not answer:
                    raise BenchError(f"psql {name} gave no answer")
                return int(answer)

            try:
                yield ask
            finally:
                session.kill()

    def _psql(self, name, arguments):
        command = [*self._command(name), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"psql {name}: {done.stderr.strip()}")
        return done.stdout.strip()

    def rows(self, name, text):
        return [line.split("|") for line in self.sql(name, text).splitlines()]

    def prepare(self, with_purser):
        """Makes the peers' database and, from the migrations, the template of ours."""
        self.drop()
        self.sql("postgres", f"CREATE DATABASE {PEERS}")
        if not with_purser:
            return
        self.sql("postgres", f"CREATE DATABASE {TEMPLATE}")
        migrations = sorted((ROOT / "ops" / "migrations").glob("*.up.sql"))
        if not migrations:
            raise BenchError("no migrations in ops/migrations")
        for migration in migrations:
            self.file(TEMPLATE, migration)
        self.file(TEMPLATE, HERE / "sql" / "wallets.sql")
        self.sql(TEMPLATE, "VACUUM ANALYZE")
        for program in self.ROLES:
            login = f"purser_bench_{program}"
            self.sql("postgres", f"CREATE ROLE {login} LOGIN PASSWORD '{login}' IN ROLE purser_{program}")

    def drop(self):
        for name in (OURS, TEMPLATE, PEERS):
            self.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        for program in self.ROLES:
            self.sql("postgres", f"DROP ROLE IF EXISTS purser_bench_{program}")

    def fresh_purser(self):
        self.sql("postgres", f"DROP DATABASE IF EXISTS {OURS} WITH (FORCE)")
        self.sql("postgres", f"CREATE DATABASE {OURS} TEMPLATE {TEMPLATE}")

    def fresh_peers(self):
        self.file(PEERS, HERE / "sql" / "tables.sql")

    def settle(self):
        """No checkpoint of the preparation falls into the measurement."""
        self.sql("postgres", "CHECKPOINT")

    def commits(self, name, table, condition="true"):
        """(moment, rows) of each transaction that wrote to the table, oldest first."""
        text = (
            "SELECT extract(epoch FROM pg_xact_commit_timestamp(writer::xid)), events FROM"
            f" (SELECT xmin::text AS writer, count(*) AS events FROM {table} WHERE {condition} GROUP BY 1) t ORDER BY 1"
        )
        return [(float(moment), int(events)) for moment, events in self.rows(name, text)]

    def flushes(self):
        """Flushes of the write-ahead log so far, and the milliseconds that they took."""
        count, spent = self.rows("postgres", "SELECT wal_sync, wal_sync_time FROM pg_stat_wal")[0]
        return int(count), float(spent)


class Broker:
    """The broker through its management interface, which knows nothing of AMQP and takes no part in the measurement."""

    def __init__(self, amqp_url, admin_url):
        self.url = replaced(amqp_url, path=f"/{VHOST}")
        split = urllib.parse.urlsplit(admin_url)
        self.user = urllib.parse.unquote(urllib.parse.urlsplit(amqp_url).username or "guest")
        self.base = urllib.parse.urlunsplit(split._replace(netloc=split.netloc.rpartition("@")[2], path=split.path.rstrip("/") + "/api"))
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, self.base, urllib.parse.unquote(split.username), urllib.parse.unquote(split.password))
        self.opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))

    def call(self, method, path, body=None, missing_is_fine=False):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/{path}", data=data, method=method, headers={"content-type": "application/json"})
        try:
            with self.opener.open(request, timeout=60) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            if error.code == 404 and missing_is_fine:
                return None
            raise BenchError(f"broker: {method} {path}: {error.code} {error.read().decode(errors='replace')[:300]}") from error

    def prepare(self):
        """A virtual host with the topology of the product and nothing else."""
        self.drop()
        self.call("PUT", f"vhosts/{VHOST}", {})
        self.call("PUT", f"permissions/{VHOST}/{urllib.parse.quote(self.user)}", {"configure": ".*", "write": ".*", "read": ".*"})
        definitions = json.loads((ROOT / "topology" / "definitions.json").read_text())
        kept = ("exchanges", "queues", "bindings", "policies")
        self.call("POST", f"definitions/{VHOST}", {kind: [without_vhost(item) for item in definitions[kind]] for kind in kept})

    def drop(self):
        self.call("DELETE", f"vhosts/{VHOST}", missing_is_fine=True)

    def publish(self, exchange, key, body):
        """One persistent message; slow, and before the measurement."""
        properties = {"delivery_mode": 2, "content_type": "application/cloudevents+json"}
        message = {"properties": properties, "routing_key": key, "payload": body, "payload_encoding": "string"}
        if not self.call("POST", f"exchanges/{VHOST}/{exchange}/publish", message)["routed"]:
            raise BenchError(f"{key} was not routed")

    def purge(self, *queues):
        """Empties queues, the partitions by default: acknowledgements can be lost with the connection that sent them, so a run may
        leave a few."""
        for queue in queues or PARTITIONS:
            self.call("DELETE", f"queues/{VHOST}/{queue}/contents")


def without_vhost(item):
    return {key: value for key, value in item.items() if key != "vhost"}
