"""Hypothesis strategies made from the structs themselves: whatever a type allows, and nothing else.

msgspec says what it understood of each type (`msgspec.inspect`), so a new field or type is covered once it exists.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect as mi

from contract.envelope import Envelope
from tests.contract.recorded import NOW

LETTERS = st.characters(codec="utf-8", exclude_characters="\0")


def _instants() -> st.SearchStrategy[datetime]:
    zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))) | st.just(UTC)
    ago = st.integers(-300_000_000, 7 * 86_400_000_000).map(lambda us: NOW - timedelta(microseconds=us))
    return st.tuples(ago, zones).map(lambda both: both[0].astimezone(both[1]))


PLAIN: dict[type[mi.Type], st.SearchStrategy[Any]] = {
    mi.DateTimeType: _instants(),
    mi.BoolType: st.booleans(),
    mi.BytesType: st.binary(max_size=200),
    mi.NoneType: st.none(),
}


def messages(kind: type[Envelope]) -> st.SearchStrategy[Any]:
    """Messages of one type, with every field anywhere in its range."""
    return _fitting(mi.type_info(kind))


def _numbers(kind: mi.IntType | mi.FloatType) -> st.SearchStrategy[Any]:
    if isinstance(kind, mi.IntType):
        return st.integers(kind.ge, kind.le) if kind.ge is not None else st.integers(-(2**63), 2**63 - 1)
    return st.floats(kind.ge, kind.le, allow_nan=False, allow_infinity=False)


def _fitting(kind: mi.Type) -> st.SearchStrategy[Any]:
    match kind:
        case mi.StructType():
            return st.builds(kind.cls, **{field.name: _fitting(field.type) for field in kind.fields})
        case mi.UnionType():
            return st.one_of([_fitting(member) for member in kind.types])
        case mi.VarTupleType():
            return st.lists(_fitting(kind.item_type), max_size=5).map(tuple)
        case mi.DictType():
            return st.dictionaries(_fitting(kind.key_type), _fitting(kind.value_type), max_size=kind.max_length)
        case mi.IntType() | mi.FloatType():
            return _numbers(kind)
        case mi.StrType():
            return st.text(LETTERS, min_size=kind.min_length or 0, max_size=kind.max_length)
        case mi.LiteralType():
            return st.sampled_from(kind.values)
        case mi.EnumType():
            return st.sampled_from(list(kind.cls))
    return PLAIN[type(kind)]
