"""What the API counts about itself, for Prometheus and for its own page. No label ever holds a player's text."""

from collections import deque
from collections.abc import Iterable

from msgspec import Struct
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from contract.adaptations import AdaptationDecided
from engagement_api.guardrails import RAILS, Rail

REMEMBERED = 1_000
BUCKETS_S = (0.001, 0.002, 0.003, 0.004, 0.006, 0.010, 0.015, 0.025, 0.050, 0.100, 0.250, 1.0, 5.0)


class Loop(Struct, frozen=True):
    """How long goals took, from the event that caused them until they were decided; milliseconds."""

    p50: float
    p99: float
    n: int


class Meters:
    """The counters, in a registry of their own: two APIs in one process (a test) do not share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.signals = Counter("whitewater_signals", "Beliefs heard.", registry=self.registry)
        self.unreadable = Counter("whitewater_unreadable", "Messages that were no belief.", registry=self.registry)
        self.decisions = Counter("whitewater_decisions", "Goals decided.", ["policy", "arm"], registry=self.registry)
        self._rails = Counter(
            "whitewater_guardrail", "Times a guardrail had a part in a goal.", ["rail"], registry=self.registry
        )
        self.latency = Histogram(
            "whitewater_decision_latency_seconds",
            "From the event that caused a goal until the river was told.",
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self.readers = Gauge("whitewater_readers", "Open WebSockets.", registry=self.registry)
        self.cut = Counter(
            "whitewater_readers_cut", "WebSockets closed because they did not read.", registry=self.registry
        )
        self.waiting = Gauge(
            "whitewater_rows_waiting", "Decisions the history does not have yet.", registry=self.registry
        )
        self.faults = Counter(
            "whitewater_store_faults", "Times a store did not do what it was asked.", ["store"], registry=self.registry
        )
        self.gate_events = Counter(
            "whitewater_gate_events", "Events that remote players sent, by what became of them.", ["outcome"],
            registry=self.registry,
        )  # fmt: skip
        self.gate_refused = Counter(
            "whitewater_gate_refused", "Requests at the gate that were sent away.", ["door", "why"],
            registry=self.registry,
        )  # fmt: skip
        for rail in RAILS:
            self._rails.labels(rail)
        self._newest_ms: deque[float] = deque(maxlen=REMEMBERED)

    def tripped(self, rails: Iterable[Rail]) -> None:
        """These rails had a part in a judgement."""
        for rail in rails:
            self._rails.labels(rail).inc()

    def took(self, goal: AdaptationDecided) -> None:
        """Remember how long a goal took, wherever it was decided."""
        self._newest_ms.append((goal.time - goal.data.cause.time).total_seconds() * 1000)

    def loop(self) -> Loop:
        """The median and the 99th percentile of the newest thousand goals."""
        ordered = sorted(self._newest_ms)
        if not ordered:
            return Loop(0.0, 0.0, 0)
        last = len(ordered) - 1
        return Loop(ordered[round(0.5 * last)], ordered[round(0.99 * last)], len(ordered))

    def exposed(self) -> bytes:
        """Everything, in the text format that Prometheus reads."""
        return generate_latest(self.registry)
