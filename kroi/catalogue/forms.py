"""What shoppers may type: the listing's filters. What does not parse is ignored, so this form is never wrong."""

from flask import request

from kroi.catalogue.rules import addresses
from kroi.catalogue.rules.addresses import Asked


def asked() -> Asked:
    """What the address of this request asks of the listing."""
    return addresses.read_query(request.query_string.decode("latin-1"))
