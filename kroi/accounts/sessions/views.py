"""Where a request comes from, for its owner to recognise it in the list of sessions."""

from flask import request

from kroi.accounts.sessions import rules
from kroi.accounts.sessions.rules import Whence


def whence() -> Whence:
    """The device and the network of this request."""
    return Whence(rules.device_of(request.user_agent.string[:500]), rules.network_of(request.remote_addr or ""))
