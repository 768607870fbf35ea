"""What several results hold."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """The service in use: the profile's name, its URL, and when its metadata were read."""

    name: str
    url: str
    fetched: datetime | None = None
    cached: bool = False
