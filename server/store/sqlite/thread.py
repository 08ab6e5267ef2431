"""A thread that does a store's blocking work, one job after the other."""

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["WriterThread"]

log = logging.getLogger(__name__)

T = TypeVar("T")


class WriterThread:
    """The one thread that touches the database; results travel back to the caller's loop."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def later(self, work: Callable[[], None]) -> None:
        """Run it after the jobs that wait; nobody hears how it ends."""

        def job() -> None:
            try:
                work()
            except Exception:
                log.exception("work that nobody waits for failed")

        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    async def run(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            try:
                result = work()
            except BaseException as error:  # carried to the caller, whatever it is
                post(loop, settle, future, None, error)
            else:
                post(loop, settle, future, result, None)

        self._jobs.put(job)
        return await future


def post(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *args: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop closed while a job ran: nobody waits
        loop.call_soon_threadsafe(call, *args)


def settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
