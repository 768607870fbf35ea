"""`Secret`: text that cannot be printed by accident. Only `odata.http` and `project.credentials` reveal it."""


class Secret:
    """A credential. It has no repr, no str and no JSON; two secrets compare by what they hold."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Wrap `text`."""
        self._text = text

    def reveal(self) -> str:
        """Return the text itself; for request headers and login forms only."""
        return self._text

    def __repr__(self) -> str:
        """Return a fixed text that says nothing, not even the length."""
        return "Secret(•••)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        """Compare by content."""
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self._text)

    def __reduce__(self) -> str:
        """Refuse pickling: a secret never leaves the process."""
        raise TypeError("a Secret is never stored")
