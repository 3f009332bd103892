"""CloudTrail, which the CDK command line asks after a failed deployment. Nothing is recorded here."""

from __future__ import annotations

from typing import Any

from .accounts import Place
from .service import Service


class CloudTrail(Service):
    """A trail without events."""

    name = "cloudtrail"

    def lookup_events(self, _place: Place, **_given: Any) -> dict[str, Any]:
        """No event ever."""
        return {"Events": []}
