"""What a tool gives back, beside its text."""


class Failed(str):
    """A result that says that nothing came of the call."""

    __slots__ = ()
