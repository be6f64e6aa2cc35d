"""When stock Faust takes an event for done: if one fails, upstream changed, and our way around it may go."""

import inspect
from typing import cast

import faust
import mode
from aiokafka import AIOKafkaProducer
from faust.agents.agent import Agent
from faust.streams import Stream
from faust.types.enums import ProcessingGuarantee

from processors.app import Settings, Worker, new_app


def test_faust_acks_an_event_whose_agent_raised() -> None:
    """Its stream acks on every way out of the loop's body, and whoever catches the exception takes nothing back."""
    iterating = inspect.getsource(Stream._py_aiter)
    leaving = iterating[iterating.index("yield value") :]
    assert leaving.index("finally:") < leaving.index("event.ack()") < leaving.index("except StopAsyncIteration")
    caught = inspect.getsource(Agent._execute_actor).partition("except Exception as exc:")[2]
    assert "aref.crash(exc)" in caught
    assert "ack" not in caught


def test_faust_starts_an_agent_that_raised_again_behind_the_event_it_raised_on() -> None:
    """Unless told otherwise it restarts the agent, one event short, and the worker looks well; ours ends the worker."""
    stock = faust.App("one-for-one").agent()(_nothing)
    assert stock.supervisor_strategy is None
    assert faust.App("stock").conf.agent_supervisor is mode.OneForOneSupervisor


def test_our_agent_is_one_and_its_fall_is_the_workers() -> None:
    """With two of them the later event may be acked first, and what is committed is then past the earlier one."""
    app = new_app(Settings())
    Worker(app, cast("AIOKafkaProducer", Unused()), Settings())
    (ours,) = app.agents.values()
    assert ours.concurrency == 1
    assert ours.supervisor_strategy is mode.CrashingSupervisor


def test_faust_promises_once_only_when_asked_and_we_do_not_ask() -> None:
    """Its transactions lose and repeat (issues 323 and 517); our state knows what it has heard instead."""
    assert faust.App("stock").conf.processing_guarantee is ProcessingGuarantee.AT_LEAST_ONCE
    ours = new_app(Settings())
    assert ours.conf.processing_guarantee is ProcessingGuarantee.AT_LEAST_ONCE
    assert not ours.in_transaction


class Unused:
    """A producer that nobody asks for anything here."""


async def _nothing(stream: object) -> None:
    """An agent's body."""
