"""CloudEvents as a producer makes them, and their three ways of travelling."""

import datetime
import itertools
import json
import os
import time

from _broker import BATCH, STRUCTURED, Message, properties

_numbers = itertools.count(1)
_alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id():
    """A ULID: time-ordered, as producers are advised."""
    number = (int(time.time() * 1000) << 80) | (next(_numbers) << 48) | int.from_bytes(os.urandom(6), "big")
    return "".join(_alphabet[(number >> shift) & 31] for shift in range(125, -5, -5))


def moment(offset=0):
    """Now, so many seconds later."""
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset)


def text(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event(type, subject, data, id=None, source="/e2e", time=None, **more):
    made = {
        "specversion": "1.0",
        "id": id or new_id(),
        "source": source,
        "type": type,
        "subject": subject,
        "time": text(time or moment()),
        "datacontenttype": "application/json",
        "data": data,
    }
    return {key: value for key, value in {**made, **more}.items() if value is not None}


def usage(organization, service, quantity=None, tokens=None, metadata=None, **more):
    data = {"service": service, "quantity": quantity, "tokens": tokens, "metadata": metadata}
    return event("usage.recorded", organization, {key: value for key, value in data.items() if value is not None}, **more)


def structured(event, exchange=None, key=None, headers=None):
    """The event as a message; usage goes to the usage exchange, everything else to the commands."""
    is_usage = event["type"] == "usage.recorded"
    return Message(
        exchange or ("purser.usage" if is_usage else "purser.commands"),
        key or (event["subject"] if is_usage else event["type"]),
        json.dumps(event).encode(),
        properties(content_type=STRUCTURED, message_id=event["id"], type=event["type"], headers=headers),
    )


def batch(events, key=None):
    body = json.dumps(events).encode()
    return Message("purser.usage", key or events[0]["subject"], body, properties(content_type=BATCH, type="usage.recorded"))


def binary(event, prefix):
    """The attributes as headers, the data as body."""
    headers = {prefix + name: value for name, value in event.items() if name not in ("data", "datacontenttype")}
    return Message(
        "purser.usage",
        event["subject"],
        json.dumps(event["data"]).encode(),
        properties(content_type=event["datacontenttype"], headers=headers, message_id=event["id"]),
    )


def raw(body, exchange="purser.usage", key="raw", content_type=STRUCTURED, headers=None):
    return Message(exchange, key, body, properties(content_type=content_type, headers=headers))
