"""Who pushes: name and password, or a token, from the environment only.

They are never an option of the command line, where every user of the machine could read them, and never
part of a message: `Credentials.hide` takes them out of whatever a store answers.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from requests import PreparedRequest
from requests.auth import AuthBase, HTTPDigestAuth

from nutgraf.problems import InputError, Problem

USER: Final = "NUTGRAF_PUSH_USER"
PASSWORD: Final = "NUTGRAF_PUSH_PASSWORD"  # noqa: S105 - the variable's name
TOKEN: Final = "NUTGRAF_PUSH_TOKEN"  # noqa: S105 - the variable's name

_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_HIDDEN: Final = "***"


@dataclass(frozen=True)
class Credentials:
    """What a store is shown; nothing of it is ever printed.

    Attributes:
        user: name for Basic and Digest authentication.
        password: password for these.
        token: for Bearer authentication.
    """

    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Credentials:
        """Read them from environment variables; an empty one counts as none.

        Raises:
            InputError: PSH102, they do not fit together or cannot be sent.
        """
        user, password, token = (environment.get(name) or None for name in (USER, PASSWORD, TOKEN))
        if token and (user or password):
            raise _unusable(f"both {TOKEN} and {USER} or {PASSWORD} are set", "unset what is not meant")
        if bool(user) != bool(password):
            missing = PASSWORD if user else USER
            raise _unusable(f"{missing} is not set, and its other half is", f"set {missing}, or unset both")
        if token and not _TOKEN.fullmatch(token):
            raise _unusable(
                f"{TOKEN} has a space, a line end or another character that no token has", "set it anew"
            )
        if user and ":" in user:
            raise _unusable(f"{USER} has a colon, which would end the name", "ask for another name")
        return cls(user, password, token)

    @property
    def are_there(self) -> bool:
        return bool(self.user or self.token)

    def auth(self, *, digest: bool = False) -> AuthBase:
        """How requests are signed; with no credentials they are not, and `.netrc` is not looked up either.

        Source: RFC 7617 (Basic), RFC 6750 (Bearer), RFC 7616 (Digest)
        """
        if self.token:
            return _Header(f"Bearer {self.token}")
        if self.user and self.password:
            if digest:
                return HTTPDigestAuth(self.user, self.password)
            return _Header(f"Basic {self._basic()}")
        return _Header(None)

    def hide(self, text: str) -> str:
        """A text of the store's without the password, the token, or the two in Base64."""
        secrets = [self.password, self.token, self._basic() if self.user else None]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        return text

    def _basic(self) -> str:
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


@dataclass(frozen=True)
class _Header(AuthBase):
    value: str | None = field(repr=False)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self.value is not None:
            request.headers["Authorization"] = self.value
        return request


def _unusable(message: str, fix: str) -> InputError:
    return InputError(Problem("PSH102", message, fix=fix))
