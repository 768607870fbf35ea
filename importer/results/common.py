"""What several results hold."""

from datetime import datetime

import msgspec


class ServiceLine(msgspec.Struct, frozen=True):
    """The service in use: the profile's name, its URL, and when its metadata were read."""

    name: str
    url: str
    fetched: datetime | None = None
    cached: bool = False
