"""What may go wrong outside this program, told in one sentence a reader can act on."""


class CannotStartError(Exception):
    """A part of the local stack cannot be had or started; the text says what, where and what to do."""


class PortTakenError(CannotStartError):
    """A part found its port in use; on others it might start."""
