"""The broker as other people's clients see it: the management interface, confirmed publishing, requests with answers, reading."""

import collections
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pika
import pika.exceptions

from _suite import Failed, TimedOut, wait_for

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


class Management:
    """The management interface of the broker, as its owner."""

    def __init__(self, url):
        split = urllib.parse.urlsplit(url)
        self.user = urllib.parse.unquote(split.username)
        self.password = urllib.parse.unquote(split.password)
        self.base = urllib.parse.urlunsplit(split._replace(netloc=split.netloc.rpartition("@")[2], path="/api"))
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, self.base, self.user, self.password)
        self.opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))

    def call(self, method, path, body=None, missing=False):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/{path}", data=data, method=method, headers={"content-type": "application/json"})
        try:
            with self.opener.open(request, timeout=30) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            if error.code == 404 and missing:
                return None
            raise Failed(f"broker: {method} {path}: {error.code} {error.read().decode(errors='replace')[:300]}") from error

    def try_call(self, method, path):
        """The same for a broker that may be down: None when it does not answer."""
        try:
            return self.call(method, path)
        except (Failed, OSError, ValueError):
            return None


Message = collections.namedtuple("Message", "exchange key body properties")


def properties(**fields):
    return pika.BasicProperties(**{"delivery_mode": 2, **fields})


def parameters(url, **changes):
    wanted = pika.URLParameters(url)
    wanted.heartbeat = 20
    wanted.blocked_connection_timeout = 120
    wanted.socket_timeout = 10
    for name, value in changes.items():
        setattr(wanted, name, value)
    return wanted


class Publishing:
    """Publishes what `source` yields, with confirms counted by tag and returns watched; what a lost connection or a refusal leaves
    open is sent again, as a careful producer does, and so is what a broker that has just come back never confirms. `source` may yield
    None for "nothing just now"."""

    # Seconds without any confirm after which a connection is given up.
    silence = 10

    def __init__(self, url, source, window=400, patience=60, on_confirmed=None):
        self.url, self.source, self.window, self.patience = url, iter(source), window, patience
        self.on_confirmed = on_confirmed or (lambda message: None)
        self.open = {}
        self.again = collections.deque()
        self.confirmed, self.returned, self.repeated, self.reconnects = 0, [], 0, -1
        self.ended, self.failure = False, None

    def run(self):
        """Until everything is confirmed. Fails when nothing moves for `patience` seconds."""
        self.deadline = time.monotonic() + self.patience
        while not self.failure and (not self.ended or self.open or self.again):
            if time.monotonic() > self.deadline:
                raise TimedOut(f"publishing: nothing confirmed for {self.patience} s, {len(self.open) + len(self.again)} open")
            self._session()
        if self.failure:
            raise self.failure
        return self

    def _session(self):
        self.reconnects += 1
        self.since = time.monotonic()
        self.tag, self.channel, self.idle = 0, None, None
        lost = list(self.open.values())
        self.repeated += len(lost)
        self.again.extend(lost)
        self.open.clear()
        self.connection = pika.SelectConnection(
            parameters(self.url, connection_attempts=1),
            on_open_callback=lambda connection: connection.channel(on_open_callback=self._channel_open),
            on_open_error_callback=lambda connection, error: self._later(connection),
            on_close_callback=lambda connection, reason: self._later(connection),
        )
        self.connection.ioloop.call_later(1, self._watch)
        self.connection.ioloop.start()

    def _later(self, connection):
        """A broker that is away is asked again after a moment."""
        done = not self.open and not self.again and self.ended
        connection.ioloop.call_later(0 if done else 0.2, connection.ioloop.stop)

    def _watch(self):
        if time.monotonic() > self.deadline:
            self.failure = TimedOut(f"publishing: nothing confirmed for {self.patience} s, {len(self.open)} open")
            self.connection.ioloop.stop()
            return
        last = max(self.since, self.deadline - self.patience)
        if self.open and time.monotonic() - last > self.silence and self.connection.is_open:
            self.connection.close()
        self.connection.ioloop.call_later(1, self._watch)

    def _channel_open(self, channel):
        self.channel = channel
        channel.add_on_return_callback(lambda *fields: self.returned.append((fields[1].reply_code, fields[1].routing_key, fields[3])))
        channel.add_on_close_callback(lambda channel, reason: channel.connection.is_open and channel.connection.close())
        channel.confirm_delivery(self._on_confirm, callback=lambda _: self._pump())

    def _pump(self):
        while self.channel.is_open and len(self.open) < self.window:
            message = self.again.popleft() if self.again else self._next()
            if message is None:
                break
            self.tag += 1
            self.open[self.tag] = message
            self.channel.basic_publish(message.exchange, message.key, message.body, message.properties, mandatory=True)
        if self.ended and not self.open and not self.again and self.connection.is_open:
            self.connection.close()
        elif not self.ended and len(self.open) < self.window and self.idle is None:
            self.idle = self.connection.ioloop.call_later(0.01, self._wake)

    def _wake(self):
        self.idle = None
        if self.connection.is_open:
            self._pump()

    def _next(self):
        if self.ended:
            return None
        try:
            message = next(self.source)
        except StopIteration:
            self.ended = True
            return None
        except Exception as error:  # a mistake in a test's generator must not be swallowed by pika's loop
            self.failure = error
            self.connection.ioloop.stop()
            return None
        if message is None:
            self.deadline = time.monotonic() + self.patience
        return message

    def _on_confirm(self, frame):
        self.deadline = time.monotonic() + self.patience
        tag, accepted = frame.method.delivery_tag, isinstance(frame.method, pika.spec.Basic.Ack)
        tags = [each for each in self.open if each <= tag] if frame.method.multiple else [tag]
        for each in tags:
            message = self.open.pop(each, None)
            if message is None:
                continue
            if accepted:
                self.confirmed += 1
                self.on_confirmed(message)
            else:
                self.again.append(message)
        self._pump()


def publish_all(url, messages, **options):
    """Publishes a list and fails when the broker had no queue for one of them."""
    done = Publishing(url, messages, **options).run()
    if done.returned:
        raise Failed(f"{len(done.returned)} messages were returned, the first: {done.returned[0][:2]}")
    return done


class Caller:
    """Requests with answers by direct reply-to, many at a time."""

    def __init__(self, url):
        self.connection = pika.BlockingConnection(parameters(url))
        self.channel = self.connection.channel()
        self.answers, self.returned = {}, []
        self.channel.add_on_return_callback(lambda *fields: self.returned.append(fields[1].reply_text))
        self.channel.basic_consume("amq.rabbitmq.reply-to", self._on_answer, auto_ack=True)

    def _on_answer(self, channel, method, fields, body):
        self.answers.setdefault(fields.correlation_id, []).append((fields, body))

    def send(self, message):
        """Publishes with our reply address and returns the correlation id."""
        correlation = str(uuid.uuid4())
        message.properties.reply_to = "amq.rabbitmq.reply-to"
        message.properties.correlation_id = correlation
        self.channel.basic_publish(message.exchange, message.key, message.body, message.properties, mandatory=True)
        return correlation

    def collect(self, correlations, seconds=15):
        """The parsed answers in the order of the ids."""
        deadline = time.monotonic() + seconds
        while not all(each in self.answers for each in correlations):
            if self.returned:
                raise Failed(f"a request was returned: {self.returned.pop()}")
            left = deadline - time.monotonic()
            if left <= 0:
                missing = sum(each not in self.answers for each in correlations)
                raise TimedOut(f"{missing} of {len(correlations)} answers did not come within {seconds} s")
            self.connection.process_data_events(time_limit=min(left, 0.5))
        return [self._parsed(each) for each in correlations]

    def _parsed(self, correlation):
        answers = self.answers.pop(correlation)
        if len(answers) != 1:
            raise Failed(f"{len(answers)} answers to one request")
        fields, body = answers[0]
        if fields.content_type != "application/json":
            raise Failed(f"an answer of the content type {fields.content_type}")
        return json.loads(body)

    def ask(self, message, seconds=15):
        return self.collect([self.send(message)], seconds)[0]

    def silence(self, correlation, until, seconds=15):
        """That no answer came to a request by the moment when `until` holds."""

        def passed():
            self.connection.process_data_events(time_limit=0)
            return until()

        wait_for("the moment at which an answer would have come", passed, seconds)
        self.connection.process_data_events(time_limit=0.1)
        if correlation in self.answers:
            raise Failed(f"an answer that should not be: {self.answers[correlation]}")

    def close(self):
        if self.connection.is_open:
            self.connection.close()


class Reader:
    """Reads queues. Opens its connection anew when it was lost."""

    def __init__(self, url):
        self.url, self.connection = url, None

    def _channel(self):
        if self.connection is None or not self.connection.is_open:
            self.connection = pika.BlockingConnection(parameters(self.url))
            self.kept = None
        if self.kept is None or not self.kept.is_open:
            self.kept = self.connection.channel()
        return self.kept

    def _asked(self, question):
        for attempt in range(3):
            try:
                return question(self._channel())
            except (pika.exceptions.AMQPError, OSError):
                # The connection may have been cut while it was idle.
                self.connection = None
                if attempt == 2:
                    raise

    def declare(self, queue, **options):
        self._asked(lambda channel: channel.queue_declare(queue, **options))

    def bind(self, queue, exchange, key):
        self._asked(lambda channel: channel.queue_bind(queue, exchange, key))

    def state(self, queue):
        """(messages that wait, consumers), as the broker knows them at this moment."""
        method = self._asked(lambda channel: channel.queue_declare(queue, passive=True)).method
        return method.message_count, method.consumer_count

    def waiting(self, *queues):
        return sum(self.state(queue)[0] for queue in queues)

    def consumers(self, queue):
        return self.state(queue)[1]

    def take_all(self, queue):
        """Takes and acknowledges what waits: (properties, body) each."""
        taken = []
        while True:
            method, fields, body = self._asked(lambda channel: channel.basic_get(queue, auto_ack=True))
            if method is None:
                return taken
            taken.append((fields, body))

    def close(self):
        if self.connection is not None and self.connection.is_open:
            self.connection.close()
