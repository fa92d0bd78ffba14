"""Holds answers and events against topology/schemas, by as much of JSON Schema as these use."""

import datetime
import functools
import json
import os
import pathlib

FOLDER = pathlib.Path(os.environ["PURSER_TEST_ROOT"]) / "topology" / "schemas"
TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


@functools.cache
def schema(name):
    file = FOLDER / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else None


def mistakes(value, wanted, root=None, place="$"):
    """What breaks the schema, in words. Objects may hold no field that the schema does not name."""
    root = root or wanted
    if "$ref" in wanted:
        wanted = functools.reduce(lambda part, name: part[name], wanted["$ref"].removeprefix("#/").split("/"), root)
    found = []
    kind = wanted.get("type")
    if kind is not None and not any(TYPES[each](value) for each in ([kind] if isinstance(kind, str) else kind)):
        return [f"{place} is no {kind}: {value!r}"]
    if "const" in wanted and value != wanted["const"]:
        found.append(f"{place} is not {wanted['const']!r}")
    if "enum" in wanted and value not in wanted["enum"]:
        found.append(f"{place} is {value!r}, none of {wanted['enum']}")
    if "minimum" in wanted and TYPES["number"](value) and value < wanted["minimum"]:
        found.append(f"{place} is below {wanted['minimum']}: {value}")
    if "oneOf" in wanted and sum(not mistakes(value, each, root, place) for each in wanted["oneOf"]) != 1:
        found.append(
            f"{place} is not exactly one of the forms: {value!r}: {[mistakes(value, each, root, place) for each in wanted['oneOf']]}"
        )
    if wanted.get("format") == "date-time":
        try:
            datetime.datetime.fromisoformat(value)
        except ValueError:
            found.append(f"{place} is no time: {value!r}")
    if isinstance(value, dict) and "properties" in wanted:
        found += [f"{place}.{name} is missing" for name in wanted.get("required", []) if name not in value]
        if kind == "object":
            found += [f"{place}.{name} is not in the schema" for name in value if name not in wanted["properties"]]
        for name, each in wanted["properties"].items():
            if name in value:
                found += mistakes(value[name], each, root, f"{place}.{name}")
    if isinstance(value, list) and "items" in wanted:
        for number, each in enumerate(value):
            found += mistakes(each, wanted["items"], root, f"{place}[{number}]")
    return found


def answer_mistakes(answer):
    one = {"$ref": "#/$defs/answer"}
    wanted = {"type": "array", "items": one} if isinstance(answer, list) else one
    return mistakes(answer, wanted, schema("answer"))


def event_mistakes(event):
    """Of an event from purser.events: its envelope and its data."""
    data = schema(event["type"])
    if data is None:
        return [f"no schema for {event['type']}"]
    envelope = {name: event.get(name) for name in ("specversion", "id", "source", "type", "time", "datacontenttype")}
    found = [f"{name} is {value!r}" for name, value in envelope.items() if not isinstance(value, str) or not value]
    return found + [f"{event['type']}: {words}" for words in mistakes(event["data"], data)]
