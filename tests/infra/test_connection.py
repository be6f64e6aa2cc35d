"""How much of what aiokafka says about a broker that is away is written down."""

import logging

from infra.connection import Seldom


def line(name: str, kind: str, *words: object) -> logging.LogRecord:
    """A line somebody wants to write."""
    return logging.LogRecord(name, logging.ERROR, __file__, 1, kind, words, None)


def test_of_one_kind_of_sentence_aiokafka_says_one_in_ten_seconds() -> None:
    """Two kinds at 0 s, both written; again at 9.9 s, neither; at 10 s the first once more."""
    now_s = [0.0]
    seldom = Seldom(lambda: now_s[0])
    first, second = line("aiokafka", "no connection to %s", "a"), line("aiokafka.conn", "gone")
    assert [seldom.filter(first), seldom.filter(second)] == [True, True]
    now_s[0] = 9.9
    assert [seldom.filter(line("aiokafka", "no connection to %s", "b")), seldom.filter(second)] == [False, False]
    now_s[0] = 10.0
    assert seldom.filter(first)


def test_everybody_else_says_what_they_have_to_say() -> None:
    """The same line ten times."""
    seldom = Seldom(lambda: 0.0)
    assert all(seldom.filter(line("processors", "no snapshot this time")) for _ in range(10))
