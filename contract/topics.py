"""The topics: what travels on each, keyed how, kept how long, and why.

Every topic but the last is keyed by player, so that one player's messages stay in order and are folded by one worker.
Eight partitions are eight workers at most; more would cost a small broker more than they bring.
"""

from typing import Final, Literal

from msgspec import Struct

DAY_MS: Final = 86_400_000
MEBIBYTE: Final = 1024 * 1024


class Topic(Struct, frozen=True):
    """One topic's name and the settings it is created with."""

    name: str
    partitions: int
    cleanup: Literal["delete", "compact,delete"]
    retention_ms: int
    why: str
    message_bytes: int = MEBIBYTE
    """The largest message (after compression) that the broker takes; whoever sends sets its own limit to it."""
    key: Literal["player", "partition"] = "player"
    segment_ms: int | None = None
    """How long one file of the log is written to; only older files are compacted. None: the broker's week."""

    @property
    def config(self) -> dict[str, str]:
        """Kafka's own names for these settings, as the admin client takes them."""
        segments = {} if self.segment_ms is None else {"segment.ms": str(self.segment_ms)}
        return {
            "cleanup.policy": self.cleanup,
            "retention.ms": str(self.retention_ms),
            "max.message.bytes": str(self.message_bytes),
            **segments,
        }


PLAYER_EVENTS: Final = Topic(
    "player-events", 8, "delete", 7 * DAY_MS, "What players did; a week is long enough to replay a bad release."
)
ENGAGEMENT_SIGNALS: Final = Topic(
    "engagement-signals", 8, "delete", DAY_MS, "Beliefs; they can be had again from player-events, so a day is plenty."
)
ADAPTATIONS: Final = Topic(
    "adaptations", 8, "compact,delete", 7 * DAY_MS, "The newest goal per player is what counts; old players fade away."
)
FAILED_EVENTS: Final = Topic(
    "failed-events",
    4,
    "delete",
    28 * DAY_MS,
    "What was refused waits four weeks for somebody to repair it.",
    message_bytes=2 * MEBIBYTE,
)
"""Twice the size of the others, because the largest message of any of them must fit in, written in base64."""
FLEET_FIGURES: Final = Topic(
    "fleet-figures",
    PLAYER_EVENTS.partitions,
    "compact,delete",
    36 * DAY_MS,
    "The newest figures per partition are all there is to know; older than this, every day in them is forgotten.",
    key="partition",
    segment_ms=60_000,
)
"""As many partitions as `player-events`: the figures of partition 3 lie in partition 3. They are told every few
seconds, so a segment of a minute is what keeps a log of one key small."""
REWRITTEN: Final = "rewritten"
"""The header of a record that lies here a second time, because somebody before it was forgotten; its value is the
offset where it lay before. The record is the very same event: who has had that offset has had this one."""
MARK: Final = b"\0rewritten"
"""The key of a record without a value that lies between the old ones and those that lie there a second time. It is
nobody's event, and no player can be called so: a tombstone under a player's name would take out of a compacted log
what is known of that player."""
TOPICS: Final = (PLAYER_EVENTS, ENGAGEMENT_SIGNALS, ADAPTATIONS, FAILED_EVENTS, FLEET_FIGURES)
