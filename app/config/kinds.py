"""The kinds of value a key may hold: each reads a raw TOML value into the program's own, or says what it wants."""

from __future__ import annotations

import itertools
import math
import re
import types
import typing
import zoneinfo
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any, Literal

from app.config.faults import MISSING, Faults, UnfitError, child, nearest, one_of, shown
from monitors.zones import SHIFTED

Kind = Callable[[object], Any]
Schema = Mapping[str, Kind]

_LARGEST = 2**63
_KEYRING = re.compile(r"keyring:[A-Za-z0-9_.-]{1,64}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
_BROKER = re.compile(r"([A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:]{2,45}\]):([0-9]{1,5})")
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,200}")
_MACHINE = re.compile(r"[\w.-]{0,64}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def read_table(
    raw: object,
    schema: Schema,
    path: str,
    faults: Faults,
    *,
    required: Collection[str] = (),
    unknown: str = "an unknown key",
) -> dict[str, Any]:
    """The values of `raw` that are right, by key; every other one, and every unknown or missing key, is a fault."""
    if not isinstance(raw, Mapping):
        faults.add(path, raw, "expected a table")
        return {}
    for key in raw:
        if key not in schema:
            faults.unknown(path, str(key), schema, unknown)
    values = {}
    for key, kind in schema.items():
        if key not in raw and key not in required:
            continue
        value = raw.get(key, MISSING)
        try:
            values[key] = kind(value)
        except UnfitError as error:
            faults.unfit(child(path, key), value, error)
    return values


def anything(value: object) -> object:
    """A value that is read elsewhere."""
    return value


def text(value: object) -> str:
    """Text, which may be empty."""
    if not isinstance(value, str):
        raise UnfitError("expected text in quotes")
    return value


def name(value: object) -> str:
    """Text that names something."""
    if not isinstance(value, str) or not value.strip():
        raise UnfitError("expected a name in quotes")
    return value


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnfitError("expected true or false")
    return value


def whole(least: int, most: int = _LARGEST - 1) -> Kind:
    """A whole number from `least` to `most`, both allowed."""
    bounds = f"of {least} or more" if most == _LARGEST - 1 else f"from {least} to {most}"

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise UnfitError(f"expected a whole number {bounds}")
        return value

    return read


def number(*, least: float = -math.inf, above: float = -math.inf, most: float = math.inf) -> Kind:
    """A finite number, whole or not, of at least `least`, more than `above` and at most `most`."""
    words = [f"{word} {bound:g}" for word, bound in (("above", above), ("of at least", least)) if math.isfinite(bound)]
    if math.isfinite(most):
        words.append(f"and at most {most:g}" if words else f"of at most {most:g}")
    expected = " ".join(["expected a number", *words])

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnfitError(expected)
        if abs(value) >= _LARGEST or not (above < value <= most and least <= value):
            raise UnfitError(expected)
        return float(value) + 0.0

    return read


def choice(options: Mapping[str, Any] | Collection[str]) -> Kind:
    """One of some names; a mapping says what each stands for."""
    meaning = options if isinstance(options, Mapping) else {option: option for option in options}

    def read(value: object) -> Any:
        if not isinstance(value, str) or value not in meaning:
            raise UnfitError(one_of(value, meaning))
        return meaning[value]

    return read


def many(kind: Kind, expected: str, *, empty: bool) -> Kind:
    """A list of one kind, as a tuple."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or not (value or empty):
            raise UnfitError(f"expected {expected}")
        result = []
        for index, element in enumerate(value):
            try:
                result.append(kind(element))
            except UnfitError as error:
                found = shown(element) if error.found is None else error.found
                raise UnfitError(error.remedy, found=found, inside=f"[{index}]{error.inside}") from None
        return tuple(result)

    return read


def choice_of(numbers: Collection[int]) -> Kind:
    """One of some whole numbers."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value not in numbers:
            raise UnfitError(f"expected one of {', '.join(map(str, numbers))}")
        return value

    return read


def currency(value: object) -> str:
    """A currency by its three letters; empty where none is chosen."""
    if not isinstance(value, str) or not (value == "" or _CURRENCY.fullmatch(value)):
        raise UnfitError('expected three capital letters such as "USD", or nothing')
    return value


def size_steps(value: object) -> tuple[tuple[float, float], ...]:
    """Pairs of drawdown in percent and size factor, drawdown rising from 0 and the factor never rising."""
    pairs = "pairs of drawdown in percent, rising from 0, and a factor from 1 that does not rise, such as "
    pairs += "[[0, 1.0], [5, 0.5], [10, 0.0]]"
    read = many(many(number(least=0, most=100), pairs, empty=False), pairs, empty=False)(value)
    if any(len(pair) != 2 for pair in read):  # noqa: PLR2004 -- a pair
        raise UnfitError(f"expected {pairs}")
    falls, factors = [pair[0] for pair in read], [pair[1] for pair in read]
    rising = falls[0] == 0 and all(a < b for a, b in itertools.pairwise(falls))
    if not rising or max(factors) > 1 or any(a < b for a, b in itertools.pairwise(factors)):
        raise UnfitError(f"expected {pairs}")
    return tuple((pair[0], pair[1]) for pair in read)


def clock(value: object) -> int:
    """A time of day, "HH:MM", as minutes after midnight."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise UnfitError('expected a time of day in quotes, from "00:00" to "23:59"')
    return 60 * int(match[1]) + int(match[2])


def zone(value: object) -> str:
    """The word "server" or an IANA time zone that this machine knows."""
    return _zone_or(("server",), value, 'expected "server" or a time zone such as "Europe/Prague"')


def broker_clock(value: object) -> str:
    """A broker's clock by name, one of its own kind or an IANA time zone; empty where it is to be found out."""
    expected = f'expected {", ".join(map(shown, SHIFTED))}, a time zone such as "Europe/Athens", or nothing'
    return _zone_or(("", *SHIFTED), value, expected)


def urls(value: object) -> tuple[str, ...]:
    """Apprise URLs and names in the keyring; what was found is not repeated, since it may hold a secret."""
    if not isinstance(value, list):
        raise UnfitError("expected a list of Apprise URLs", found="something else")
    for index, url in enumerate(value):
        if not isinstance(url, str) or not ("://" in url or _KEYRING.fullmatch(url)):
            remedy = 'expected an Apprise URL such as "tgram://…", or "keyring:NAME"'
            raise UnfitError(remedy, found="something without ://", inside=f"[{index}]")
    return tuple(value)


def origin(value: object) -> str:
    """Where a web page comes from, as a browser says it: scheme, host and port, nothing after it."""
    if not isinstance(value, str) or not _ORIGIN.fullmatch(value):
        raise UnfitError('expected an origin such as "https://example.com" or "http://localhost:3000"')
    return value


def brokers(value: object) -> str:
    """Kafka brokers as HOST:PORT, separated by commas; empty where there is none."""
    if not isinstance(value, str):
        raise UnfitError('expected brokers such as "kafka-1:9092,kafka-2:9092"')
    found = [part.strip() for part in value.split(",")] if value.strip() else []
    for part in found:
        match = _BROKER.fullmatch(part)
        if match is None or not 0 < int(match[2]) <= 65_535:  # noqa: PLR2004 -- the largest port
            raise UnfitError('expected brokers such as "kafka-1:9092,kafka-2:9092"')
    return ",".join(found)


def topic(value: object) -> str:
    """The beginning of topics' names, as Kafka allows them."""
    if not isinstance(value, str) or not _TOPIC.fullmatch(value):
        raise UnfitError("expected letters, digits, dots, dashes and underscores, at most 200")
    return value


def machine(value: object) -> str:
    """What a machine is called at a desk; empty where its host's name will do."""
    if not isinstance(value, str) or not _MACHINE.fullmatch(value):
        raise UnfitError("expected letters, digits, dots, dashes and underscores, at most 64")
    return value


def of_type(hint: Any) -> Kind:
    """The kind that a dataclass field's type asks for; TypeError for a type that a config cannot hold."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return _either([of_type(part) for part in typing.get_args(hint) if part is not types.NoneType])
    if typing.get_origin(hint) is Literal:
        return choice(typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        return many(of_type(typing.get_args(hint)[0]), "a list", empty=True)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return choice({member.value: member for member in hint})
    plain: dict[Any, Kind] = {str: text, bool: flag, int: whole(1 - _LARGEST), float: number()}
    if hint not in plain:
        raise TypeError(f"no config value can be read as {hint!r}")
    return plain[hint]


def _either(kinds: list[Kind]) -> Kind:
    """The first of several kinds that accepts the value."""

    def read(value: object) -> Any:
        remedies = []
        for kind in kinds:
            try:
                return kind(value)
            except UnfitError as error:
                remedies.append(error.remedy.removeprefix("expected "))
        raise UnfitError("expected " + " or ".join(remedies))

    return read


def _zone_or(words: tuple[str, ...], value: object, expected: str) -> str:
    if not isinstance(value, str):
        raise UnfitError(expected)
    if value in words:
        return value
    try:
        zoneinfo.ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = nearest(value, [*words, *sorted(zoneinfo.available_timezones())], least=0.8)
        raise UnfitError(f'{expected}; did you mean "{near}"?' if near else expected) from None
    return value
