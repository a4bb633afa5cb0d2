"""The store of a program with an event loop: the same answers and the same ends as that of one with threads."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable

import pytest
import uvloop

from migov import errors
from migov.store import Answer, Cancel, Limits
from migov.store.awaited import AwaitedStore
from store.processes import Process, eventually, stat

RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(8)) + " }"
LABELS = "SELECT ?s ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } ORDER BY ?s ?l"
JSON = {"bindings": "json", "boolean": "json"}
Story = Callable[[AwaitedStore], Awaitable[None]]


def told(process: Process, story: Story, patience: float = 0) -> list[str]:
    """Tell a story in a loop of its own; why children were ended in it."""
    reasons: list[str] = []

    async def tell() -> None:
        store = AwaitedStore(process.socket, patience=patience, note=reasons.append)
        try:
            await story(store)
        finally:
            store.close()

    uvloop.run(tell())
    return reasons


def test_it_answers_as_the_other_does_one_after_the_other_and_at_once(process: Process) -> None:
    expected = process.store().query(LABELS, JSON)
    assert json.loads(expected.body)["results"]["bindings"]

    async def story(store: AwaitedStore) -> None:
        for _ in range(3):
            assert await store.query(LABELS, JSON) == expected
        assert await asyncio.gather(*(store.query(LABELS, JSON) for _ in range(12))) == [expected] * 12

    assert told(process, story) == []


def test_quick_queries_take_turns_and_slow_ones_keep_nobody_waiting(start: Callable[..., Process]) -> None:
    process = start()
    process.store().close()
    assert eventually(lambda: not process.children())

    async def story(store: AwaitedStore) -> None:
        await asyncio.gather(*(store.query("ASK {}", JSON) for _ in range(40)))
        assert len(process.children()) < 20  # two that work, or more where a busy machine makes them slow
        slow = [asyncio.create_task(store.query(RUNAWAY, JSON, limits=Limits(deadline=1))) for _ in range(4)]
        await asyncio.sleep(0.2)
        begun = time.monotonic()
        await store.query("ASK {}", JSON)
        assert time.monotonic() - begun < 0.7
        assert not any(task.done() for task in slow)
        await asyncio.gather(*slow, return_exceptions=True)

    told(process, story)


def test_errors_of_a_query_come_with_their_place(process: Process) -> None:
    async def story(store: AwaitedStore) -> None:
        with pytest.raises(errors.QuerySyntax) as caught:
            await store.query("SELECT * {\n ?s ?p }", JSON)
        assert caught.value.facts["line"] == 2
        with pytest.raises(errors.QueryRefused):
            await store.query("INSERT DATA { <a:a> <a:b> <a:c> }", JSON)
        with pytest.raises(errors.NotAcceptable):
            await store.query("ASK {}", {"graph": "turtle"})
        assert (await store.query("ASK {}", JSON)).kind == "boolean", "and the store goes on"

    told(process, story)


def test_a_query_ends_at_its_deadline_and_others_go_on(process: Process) -> None:
    async def story(store: AwaitedStore) -> None:
        begun = time.monotonic()
        runaway = asyncio.create_task(store.query(RUNAWAY, JSON, limits=Limits(deadline=0.5)))
        while not runaway.done():
            assert isinstance(await store.query("ASK {}", JSON), Answer)
            await asyncio.sleep(0.02)
        with pytest.raises(errors.QueryTimeout):
            await runaway
        assert time.monotonic() - begun < 5

    assert told(process, story) == ["deadline"]


def test_a_query_that_nobody_waits_for_is_ended(start: Callable[..., Process]) -> None:
    process = start()
    process.store().close()

    async def story(store: AwaitedStore) -> None:
        cancel = Cancel()
        task = asyncio.create_task(store.query(RUNAWAY, JSON, cancel=cancel))
        while not process.at_work():
            await asyncio.sleep(0.02)
        cancel()
        with pytest.raises(errors.LimitExceeded):
            await task

    assert told(process, story) == ["left"]
    assert eventually(lambda: not process.at_work())


def test_a_child_that_is_killed_costs_one_query_and_one_ended_with_the_store_none(
    start: Callable[..., Process],
) -> None:
    process = start()
    process.store().close()

    async def story(store: AwaitedStore) -> None:
        await store.query("ASK {}", JSON)
        await asyncio.sleep(0.5)  # until the primed one is there
        for pid in process.children():
            os.kill(pid, signal.SIGTERM)
        await asyncio.sleep(0.1)
        assert json.loads((await store.query("ASK {}", JSON)).body)["boolean"] is True
        task = asyncio.create_task(store.query(RUNAWAY, JSON))
        while not process.at_work():
            await asyncio.sleep(0.02)
        busy = max(process.children(), key=lambda pid: stat(pid, 13))
        os.kill(busy, signal.SIGKILL)
        with pytest.raises(errors.QueryMemory):
            await task
        assert await store.query("ASK {}", JSON)

    assert told(process, story, patience=5) == ["crash"]


def test_a_child_that_took_its_client_for_gone_costs_no_query(start: Callable[..., Process]) -> None:
    process = start()
    process.store().close()

    async def story(store: AwaitedStore) -> None:
        task = asyncio.create_task(store.query(RUNAWAY, JSON, limits=Limits(deadline=2)))
        while not process.at_work():
            await asyncio.sleep(0.02)
        os.kill(max(process.children(), key=lambda pid: stat(pid, 13)), signal.SIGIO)
        with pytest.raises(errors.QueryTimeout):  # of the child that was asked next
            await task

    assert told(process, story) == ["deadline"]


def test_a_store_that_is_not_there_is_waited_for_as_long_as_patience_lasts(start: Callable[..., Process]) -> None:
    process = start()
    process.store().close()
    process.popen.kill()
    process.popen.wait()

    async def story(store: AwaitedStore) -> None:
        begun = time.monotonic()
        with pytest.raises(errors.StoreUnavailable):
            await store.query("ASK {}", JSON)
        assert 0.4 < time.monotonic() - begun < 5

    told(process, story, patience=0.5)


def test_what_there_is_no_room_for_is_not_received(process: Process) -> None:
    def full(size: int) -> None:
        raise errors.TooBusy("no room", retry_after=1)

    large = "SELECT * { VALUES ?a { " + "1 " * 250 + "} VALUES ?b { " + "2 " * 250 + "} }"

    async def story(store: AwaitedStore) -> None:
        with pytest.raises(errors.TooBusy):
            await store.query(large, JSON, cancel=Cancel(expect=full))
        assert len((await store.query(large, JSON)).body) > 2**20

    told(process, story)
