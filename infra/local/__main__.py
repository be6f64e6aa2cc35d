"""The front door of the local stack: `python -m infra.local` runs it until asked to stop.

`launch` starts it detached and with `--with-owner`: it then stops when its owner is gone. Without, it runs until it is
told to stop. Standard output is its log: one line for each thing done, the last one saying why it ended.
"""

import asyncio
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Final

from contract.environment import WrongSettingError, read_settings
from infra.local import checkup, guard, health, parts, stack
from infra.local.faults import CannotStartError, PortTakenError
from infra.local.supervisor import Supervisor

UNREACHABLE: Final = 3
CHOICES: Final = 3


def tell(sentence: str) -> None:
    """One line of the log."""
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {sentence}\n")
    sys.stdout.flush()


def main() -> int:
    """Run the stack; answers with the exit code."""
    guard.stop_on_request()
    if "--with-owner" in sys.argv[1:]:
        guard.stop_with_owner()
    try:
        settings = read_settings(stack.Settings, os.environ)
        stack.hold(settings.home)
        with guard.guarded():
            run(settings)
    except (CannotStartError, WrongSettingError) as fault:
        tell(stack.FAULT + str(fault))
        return UNREACHABLE
    return 0


def run(settings: stack.Settings) -> None:
    """The whole life of one stack."""
    home = settings.home.resolve()
    if (room := checkup.room(home)).state == "lack":
        sentence = f"{room.what}: make room there, or name another folder in WHITEWATER_HOME."
        raise CannotStartError(sentence)
    supervisor = Supervisor(stack.logs(home), tell)
    try:
        layout = bring_up_somewhere(supervisor, settings)

        def show() -> None:
            stack.write(home, describe(supervisor, layout))

        show()
        tell("the stack is up")
        supervisor.watch(show)
    finally:
        stack.forget(home)
        supervisor.stop_all()
        tell("the stack is down")


def bring_up_somewhere(supervisor: Supervisor, settings: stack.Settings) -> parts.Layout:
    """Brings everything up and answers where; somewhere else when a port was taken between choosing and using it."""
    for choice in range(CHOICES):
        layout = parts.lay_out(settings, tell, usual_ports=choice == 0)
        try:
            bring_up(supervisor, layout)
        except CannotStartError as fault:
            supervisor.stop_all()
            if not isinstance(fault, PortTakenError) and all(health.is_free(port) for port in layout.ports):
                raise
            tell("somebody took a port meanwhile: choosing others")
        else:
            return layout
    sentence = f"Other programs took a port {CHOICES} times while the stack started: start again."
    raise CannotStartError(sentence)


def bring_up(supervisor: Supervisor, layout: parts.Layout) -> None:
    """Starts everything, as much of it at once as may be; returns when all of it is well."""
    supervisor.start(parts.kafka_part(layout))
    supervisor.start(parts.redis_part(layout))
    supervisor.run_once("migrate", parts.MIGRATE, layout.environment)
    supervisor.await_well("redis")
    supervisor.await_well("kafka")
    make_topics(layout.kafka.address)
    services = [parts.worker_part(layout, number) for number in range(len(layout.worker_ports))]
    services.append(parts.api_part(layout))
    for part in services:
        supervisor.start(part)
    for part in services:
        supervisor.await_well(part.name)


def make_topics(kafka: str) -> None:
    """Makes the topics, which is also the proof that the broker does its work."""
    from aiokafka.errors import KafkaError  # noqa: PLC0415 - half a second that is free while the broker starts

    from infra.topics import create_topics  # noqa: PLC0415

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    faults: list[KafkaError] = []

    def made() -> bool:
        try:
            asyncio.run(create_topics(kafka))
        except KafkaError as fault:
            faults.append(fault)
            return False
        return True

    if not health.wait_until(made, within_s=30.0):
        sentence = f"Kafka at {kafka} answers but makes no topics ({faults[-1]}): read its log and start again."
        raise CannotStartError(sentence)


def describe(supervisor: Supervisor, layout: parts.Layout) -> stack.Stack:
    """What `stack.json` says."""
    return stack.Stack(
        kafka=layout.kafka.address,
        redis=layout.redis.url,
        database=layout.database,
        api=f"http://{health.HOST}:{layout.api_port}",
        pids=supervisor.pids,
        workers={parts.worker_name(number): port for number, port in enumerate(layout.worker_ports)},
    )


if __name__ == "__main__":
    sys.exit(main())
