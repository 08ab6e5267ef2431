"""Connections to one Redis process: commands out in one write, their answers back in order.

redis-py's own clients send a command anew when its answer is late, up to ten times, and so may
run it twice. Here a failure is told; `nodes.py` decides what is sent again.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio.connection import AbstractConnection, Connection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, ResponseError

__all__ = ["Arguments", "Connections"]

Arguments = Sequence[bytes | str | int]

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 2.0
MOST_IDLE = 8  # connections


class Connections:
    """`settings`: of redis-py's connections, such as `parse_url` gives them."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        given = dict(settings)
        self._class: type[AbstractConnection] = given.pop("connection_class", Connection)
        self._settings = given | {
            "socket_timeout": None,  # one for all of an exchange costs less than one for each
            "socket_connect_timeout": CONNECT_SECONDS,
            "retry": Retry(NoBackoff(), 0),
            "protocol": 2,
            "driver_info": None,
        }
        self._idle: list[AbstractConnection] = []

    async def exchange(self, commands: Sequence[Arguments]) -> list[Any]:
        """Their answers; an error that Redis answers is among them.

        Raises ConnectionError of redis-py, OSError, TimeoutError: then it is not known which of
        them were run.
        """
        connection = self._idle.pop() if self._idle else self._class(**self._settings)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await connection.send_packed_command(b"".join(map(packed, commands)))
                answers = [await answer(connection) for _ in commands]
        except BaseException:
            await drop(connection)
            await self.close()  # those that are idle are as dead, most likely
            raise
        if len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            await drop(connection)
        return answers

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            await drop(connection)


def packed(command: Arguments) -> bytes:
    """As Redis reads it; half of what redis-py's own, which takes more kinds of values, costs."""
    parts = [b"*%d\r\n" % len(command)]
    for argument in command:
        if isinstance(argument, str):
            argument = argument.encode()
        elif isinstance(argument, int):
            argument = b"%d" % argument
        parts.append(b"$%d\r\n%b\r\n" % (len(argument), argument))
    return b"".join(parts)


async def answer(connection: AbstractConnection) -> Any:
    try:
        return await connection.read_response()
    except ConnectionError:
        raise
    except ResponseError as error:
        return error


async def drop(connection: AbstractConnection) -> None:
    with contextlib.suppress(Exception):
        await connection.disconnect(nowait=True)
