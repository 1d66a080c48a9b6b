"""Many at once: threads that begin together, each as a request or a command of its own would."""

import contextvars
import threading
from collections.abc import Callable, Sequence

from flask import Flask

from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id


def at_once(app: Flask, jobs: Sequence[Callable[[], object]]) -> list[object]:
    """What each job answered, or the exception it raised; every job has a thread, and all begin together."""
    ours, gate = current_dealership_id(), threading.Barrier(len(jobs))
    answers: list[object] = [None] * len(jobs)

    def work(at: int) -> None:
        with app.app_context(), acting_for(ours):
            gate.wait()
            try:
                answers[at] = jobs[at]()
            except Exception as error:  # the test looks at what was raised
                answers[at] = error
            finally:
                session.remove()

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(work, at), daemon=True) for at in range(len(jobs))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    session.rollback()
    session.expire_all()  # what they changed is seen by the test
    return answers
