"""What a receipt says, and what it does not."""

import hashlib
from datetime import UTC, datetime

from privacy.receipt import NOT_COVERED, Receipt, Store, lines, name_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_receipt_counts_what_is_left_and_names_nobody() -> None:
    """Two stores, one row still there; every place that is not covered stands in it, the pseudonym does not."""
    stores = (Store("kafka player-events", "rewritten", 10, 10, 0), Store("sql", "erased", 3, 2, 1))
    receipt = Receipt(player_sha256=name_of("p-1"), asked_at=NOON, finished_at=NOON, stores=stores)
    said = lines(receipt)
    assert receipt.left == 1
    assert receipt.player_sha256 == hashlib.sha256(b"p-1").hexdigest()
    assert said[1] == "sql                  found      3  removed      2  left 1  (erased)"
    assert [line for line in said if line.startswith("not covered")] == [f"not covered: {each}" for each in NOT_COVERED]
    assert "p-1" not in "\n".join(said)
