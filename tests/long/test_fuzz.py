"""A hundred thousand malformed messages through the worker, among ten thousand sound ones."""

from pathlib import Path

import pytest

from tests.system.test_fuzz import fuzzed

pytestmark = pytest.mark.system


async def test_a_hundred_thousand_malformed_messages_harm_nobody(kafka: str, tmp_path: Path) -> None:
    """All refused are kept, all kept were refused, and nothing was taken that the published schemas refuse."""
    await fuzzed(kafka, tmp_path, "among", made=3_000, tried=100_000)
