"""How the rules of EC2 say no."""

from __future__ import annotations

from typing import NamedTuple

from moto.ec2.exceptions import EC2ClientError


class Refusal(NamedTuple):
    """The code and the words of an error."""

    code: str
    message: str


def refuse(refusal: Refusal | None) -> None:
    """Refuses a request for the reason given, if there is one."""
    if refusal is not None:
        raise EC2ClientError(*refusal)
