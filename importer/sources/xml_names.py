"""XML names without their namespace: writers choose prefixes and versions of the namespace as they like."""


def local_name(name: str) -> str:
    """Return `row` of `{http://…}row` and of expat's `http://…}row`."""
    return name.rpartition("}")[2]
