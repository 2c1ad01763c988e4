"""docs/asyncapi.yaml, held against voice/wire: neither can say what the other does not."""

import dataclasses
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from voice.edge import notices
from voice.edge.plain import PlainForms
from voice.turns.state import Phase
from voice.wire import (
    Inbound,
    Interrupted,
    Malformed,
    MicAudio,
    Notice,
    Outbound,
    ReplyEnded,
    SessionOpened,
    StateChange,
    TranscriptUpdate,
    audio_message,
    inbound,
    parse_text,
    parsing,
)

Schema = dict[str, Any]

DOCUMENT = yaml.safe_load((Path(__file__).parents[2] / "docs" / "asyncapi.yaml").read_text())
MESSAGES: dict[str, Schema] = DOCUMENT["components"]["messages"]
FRAMES = {"micAudio", "replyFrame"}
"""Binary, and so without fields."""
RATE_HZ = 16_000
JSON = {str: "string", int: "integer", float: "number", bool: "boolean"}


def operation(name: str) -> dict[str, Schema]:
    """The JSON messages of one direction, by their `type`."""
    names = [each["$ref"].rpartition("/")[2] for each in DOCUMENT["operations"][name]["messages"]]
    payloads = [MESSAGES[name]["payload"] for name in names if name not in FRAMES]
    return {payload["properties"]["type"]["const"]: payload for payload in payloads}


SAID, TOLD, TOLD_PLAINLY = operation("say"), operation("tell"), operation("tellPlainly")


def outbound(kind: type[Outbound] = Outbound) -> Iterator[type[Outbound]]:
    for each in kind.__subclasses__():
        yield each
        yield from outbound(each)


CLASSES = {each.type: each for each in outbound()}


def json_type(annotation: Any) -> Any:
    """What JSON calls it; the same in one order where there are several."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        kinds = [each for each in typing.get_args(annotation) if each is not type(None)]
        names = sorted(json_type(each) for each in kinds)
        return names[0] if len(names) == 1 else names
    if origin is Mapping:
        return "object"
    if origin is Sequence:
        return "array"
    return JSON[annotation]


def described(schema: Schema) -> Any:
    kind = schema["type"]
    return sorted(kind) if isinstance(kind, list) else kind


def may_be_left_out(annotation: Any) -> bool:
    """A field that is None is."""
    return type(None) in typing.get_args(annotation)


# --- what the server says -------------------------------------------------------------------------
def test_every_message_of_the_server_is_described_and_no_other():
    assert TOLD.keys() - {"audio"} == CLASSES.keys()


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_every_field_that_the_server_sends_is_described_with_its_type(kind: str):
    hints = typing.get_type_hints(CLASSES[kind])
    fields = {each.name: hints[each.name] for each in dataclasses.fields(CLASSES[kind])}
    properties = {k: v for k, v in TOLD[kind]["properties"].items() if k != "type"}

    assert {name: described(schema) for name, schema in properties.items()} == {
        name: json_type(hint) for name, hint in fields.items()
    }


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_what_the_server_always_sends_is_required(kind: str):
    hints = typing.get_type_hints(CLASSES[kind])
    always = {
        each.name
        for each in dataclasses.fields(CLASSES[kind])
        if not may_be_left_out(hints[each.name])
    }

    assert set(TOLD[kind]["required"]) == {"type", *always}


def test_reply_audio_as_json_is_as_it_is_described():
    jsonschema.validate(audio_message(7, 480, b"\0\0"), TOLD["audio"])
    assert set(audio_message(7, 480, b"\0\0")) == set(TOLD["audio"]["required"])


def test_the_states_are_those_that_a_session_has():
    described_states = TOLD["state_change"]["properties"]["state"]["enum"]

    assert sorted(described_states) == sorted({phase.shown_as for phase in Phase})


def test_the_notices_are_those_that_users_are_told():
    told = [value for value in vars(notices).values() if isinstance(value, Notice)]
    properties = TOLD["notice"]["properties"]

    assert {each.code for each in told} == set(properties["code"]["examples"])
    assert {each.level for each in told} <= set(properties["level"]["enum"])


def test_the_plain_forms_are_as_they_are_described():
    caption = {"turn": 1, "text": "Hello.", "is_final": True}
    names = {"conversation": "", "session": "", "agent": "", "providers": {}}
    messages = [
        SessionOpened(**names, resumed=False, input_hz=1, output_hz=1),
        *(StateChange(state=phase.shown_as) for phase in Phase),
        TranscriptUpdate(role="user", **caption),
        TranscriptUpdate(role="assistant", reply=1, **caption),
        Interrupted(reply=1),
        ReplyEnded(reply=1, turn=1, interrupted=False, heard_text=""),
    ]
    plain = PlainForms()
    forms = [form for message in messages for form in plain.of(message)]

    assert {form["type"] for form in forms} == TOLD_PLAINLY.keys()
    assert {form["data"] for form in forms if form["type"] == "status"} == set(
        TOLD_PLAINLY["status"]["properties"]["data"]["enum"]
    )
    for form in forms:
        jsonschema.validate(form, TOLD_PLAINLY[form["type"]])


# --- what a client says ---------------------------------------------------------------------------
def test_every_message_of_a_client_is_described_and_no_other():
    assert SAID.keys() == parsing._PARSERS.keys()
    assert len(SAID) == len(typing.get_args(Inbound))


@pytest.mark.parametrize("kind", sorted(SAID.keys() - {"audio"}))
def test_every_field_that_the_server_reads_is_described_with_its_type(kind: str):
    cls = getattr(inbound, kind.title())
    hints = typing.get_type_hints(cls)
    properties = {k: v for k, v in SAID[kind]["properties"].items() if k != "type"}

    assert {name: described(schema) for name, schema in properties.items()} == {
        each.name: json_type(hints[each.name]) for each in dataclasses.fields(cls)
    }


def fitting(schema: Schema) -> st.SearchStrategy[Any]:
    """Values that this description of a field allows."""
    least, most = schema.get("minimum"), schema.get("maximum")
    match schema:
        case {"const": value}:
            return st.just(value)
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "integer"}:
            return st.integers(least, most)
        case {"type": "number"}:
            return st.integers(least, most) | st.floats(least, most)
    sizes = {"min_size": schema.get("minLength", 0), "max_size": schema["maxLength"]}
    return st.text(**sizes).filter(re.compile(schema.get("pattern", "")).search)


def messages(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: fitting(each) for name, each in schema["properties"].items()}
    required = {name: each for name, each in fields.items() if name in schema["required"]}
    optional = {name: each for name, each in fields.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


@pytest.mark.parametrize("kind", sorted(SAID.keys() - {"audio"}))
def test_what_fits_the_description_is_understood(kind: str):
    @settings(max_examples=40, derandomize=True, database=None, deadline=None)
    @given(message=messages(SAID[kind]))
    def understood(message: dict[str, Any]) -> None:
        parsed = parse_text(json.dumps(message), rate_hz=RATE_HZ)
        assert type(parsed).__name__ == kind.title()

    understood()


def least(kind: str) -> dict[str, Any]:
    """A message of that kind with what is required, and nothing else."""
    samples = {"string": "AAA=", "integer": 1, "number": 1.0, "boolean": True}
    schema = SAID[kind]
    required = {name: schema["properties"][name] for name in schema["required"] if name != "type"}
    return {"type": kind} | {name: samples[each["type"]] for name, each in required.items()}


@pytest.mark.parametrize("kind", sorted(SAID))
def test_what_is_required_is_enough_and_nothing_of_it_may_be_missing(kind: str):
    whole = least(kind)
    parse_text(json.dumps(whole), rate_hz=RATE_HZ)

    for name in whole:
        with pytest.raises(Malformed):
            parse_text(json.dumps({k: v for k, v in whole.items() if k != name}), rate_hz=RATE_HZ)


def beyond(schema: Schema) -> Iterator[Any]:
    """What no longer fits, just."""
    yield {"string": 7, "integer": "7", "number": "7", "boolean": 1}[schema["type"]]
    if "minimum" in schema:
        yield schema["minimum"] - 2
    if "maximum" in schema:
        yield schema["maximum"] + 2  # of whole numbers beyond 2**53, floats have every second
    if "maxLength" in schema:
        yield "x" * (schema["maxLength"] + 1)
    if "minLength" in schema:
        yield ""


@pytest.mark.parametrize(
    ("kind", "name"),
    sorted(
        (kind, name) for kind, each in SAID.items() for name in each["properties"] if name != "type"
    ),
)
def test_what_is_just_beyond_the_description_is_refused(kind: str, name: str):
    for value in beyond(SAID[kind]["properties"][name]):
        with pytest.raises(Malformed):
            parse_text(json.dumps(least(kind) | {name: value}), rate_hz=RATE_HZ)


def test_sound_that_fits_the_description_is_understood():
    assert parse_text(json.dumps(least("audio")), rate_hz=RATE_HZ) == MicAudio(b"\0\0")
    assert MESSAGES["micAudio"]["payload"]["maxLength"] == parsing.AUDIO_BYTES_MAX


# --- the document ---------------------------------------------------------------------------------
def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict) and "$ref" in part:
        yield part["$ref"]
    for each in part.values() if isinstance(part, dict) else part:
        if isinstance(each, dict | list):
            yield from references(each)


def test_every_reference_leads_somewhere():
    found = list(references(DOCUMENT))

    assert found
    for reference in found:
        at = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]


def test_the_channels_have_every_message_and_every_message_has_a_direction():
    channels = DOCUMENT["channels"]
    channel = channels["voice"]["messages"] | channels["plain"]["messages"]
    directed = {
        each["$ref"].rpartition("/")[2]
        for operation in DOCUMENT["operations"].values()
        for each in operation["messages"]
    }

    assert channel.keys() == MESSAGES.keys() == directed
