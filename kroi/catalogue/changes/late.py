"""Pages of the shop that may be read from the replica: once it knows every change of the catalogue that we know of."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from kroi.catalogue.changes import watch
from kroi.db import replica

Args = ParamSpec("Args")
Answer = TypeVar("Answer")


def from_replica(view: Callable[Args, Answer]) -> Callable[Args, Answer]:
    """The view only reads, and what it reads is no older than the catalogue's version. Stands last above the view.

    So a page that is kept because nothing has changed since is as true as one from the primary.
    """

    @wraps(view)
    def show(*args: Args.args, **kwargs: Args.kwargs) -> Answer:
        if replica.find() is None:
            return view(*args, **kwargs)
        version = watch.version()

        def late() -> Answer:
            with watch.proven(version):
                return view(*args, **kwargs)

        return replica.read(late, may=lambda: watch.stored() >= version)

    return show
