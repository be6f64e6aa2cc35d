"""What a signal's file says of each signal it defines, for the table in docs/engagement.md.

Its name, unit and window; the range stands in the contract and the formula on the file's first page, and
processors/describe.py brings them together.
"""

from msgspec import Struct


class Told(Struct, frozen=True):
    """One row's worth."""

    name: str
    """As the contract calls it."""
    unit: str
    window: str
    """Over what it looks back, or when it changes."""
