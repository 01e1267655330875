"""Rubbish on every subject that a service reads: none of them dies of it, and the next task runs as if nothing was.

FUZZ_SEED=n repeats a run, FUZZ_MESSAGES=n sizes it.
"""

import asyncio
import json
import os
import pathlib
import re
import secrets
import socket
import threading
import time
import unittest
import urllib.request

import nats

from client import PREFIX, Client
from fuzzer import EDGES, Fuzzer, RawConnection
from stack import ROOT, Stack
from test_outside import request

SEED = int(os.environ.get("FUZZ_SEED") or secrets.randbits(32))
MESSAGES = int(os.environ.get("FUZZ_MESSAGES") or 4000)
INBOXES = [f"_INBOX_{name}" for name in ("PLANNER", "CODER", "VALIDATOR", "PUSHER", "NOTIFIER", "WEBHOOK_BRIDGE")]
MEMORY = 256 << 20
TROUBLE = re.compile(r"fatal error|program crashed|internal_error|stack smashing", re.IGNORECASE)
TASKS = [f"fuzz-{number}" for number in range(6)]
# Who can publish here is one of the services, or anybody on a bus without logins.
ADDRESSES = [f"outside.tests.{task}" for task in TASKS] * 6 + [
    "-.-.-", "größe.x.y", f"{'a' * 65}.b.c", "a.b", "a.b.c.d", "*.*.*", "outside.tests.;drop"]
REPLIES = [f"{inbox}.fuzz" for inbox in INBOXES] + [
    "", f"{PREFIX}.outside.tests.fuzz-0.control", f"{PREFIX}.signals", "a..b", "*", ">", "_R_.x", "x" * 1000]
OFFER = {
    "ok": True, "transfer": "x", "chunks_subject": "_INBOX_PLANNER.fuzz", "bytes": 4, "chunk_bytes": 4,
    "sha256": "0" * 64}
# What the server answers services with; most of what they ask is that a message be stored.
ANSWERS = [{"stream": "AUTOMATA", "seq": 7, "duplicate": False}] * 5 + [
    OFFER, {"error": {"code": 503, "err_code": 10037, "description": "no message found"}},
    {"message": {"subject": f"{PREFIX}.a.b.c.plan_created", "seq": 3, "time": "2026-11-27T09:30:00.123456789Z",
                 "hdrs": "TkFUUy8xLjANCmE6IGINCg0K", "data": "e30="}},
    {"config": {"name": "AUTOMATA", "deliver_policy": "all"}, "created": "2026-11-27T09:30:00.123456789Z",
     "state": {"messages": 5, "first_seq": 1, "last_seq": 7}, "delivered": {"stream_seq": 5, "consumer_seq": 5},
     "ack_floor": {"stream_seq": 4, "consumer_seq": 4}, "num_pending": 1, "num_ack_pending": 2},
]
CONSUMERS = [
    "intake", "planner", "coder", "validator", "pusher", "webhook-completed", "webhook-failed", "notify-completed",
    "notify-failed", "notify-approvals", "notify-budgets", "notify-checkpoints"]
# Where services get their answers, and where planners are asked for chunks of a pack.
REQUEST = re.compile(rf"((?:{'|'.join(INBOXES)})\.[0-9a-f]{{32}}\.)([0-9]+)")
CHUNKS = re.compile(rf"_INBOX_PLANNER\.[0-9a-f]{{32}}")
# Where a message is acknowledged that a consumer delivered; most answers have no reply subject.
DELIVERIES = [""] * 6 + [
    "$JS.ACK.AUTOMATA.intake.1.7.7.1796000000000000000.3", "$JS.ACK.AUTOMATA.intake.1.18446744073709551615.7.1.3",
    "$JS.ACK.a.b.-1.-1.x.y.z"]


def golden(pattern):
    return [json.loads(path.read_text()) for path in sorted((ROOT / "Tests/Contracts/Golden").glob(pattern))]


def channels(stack):
    """The last token of every subject of a task that services listen to, with good messages for it."""
    submissions = golden("task_request_*") + [request(stack, "fuzz")] * 3
    permits = ["plan_requested", "implementation_requested", "validation_requested", "push_requested"]
    ends = golden("event_workflow_completed.json") + golden("event_workflow_failed.json")
    return {
        "task_submitted": submissions, "submit": submissions, "control": golden("control_*"), "status": [{}],
        "query": golden("query_*"), "diff": golden("diff_*"), "objects": golden("objects_request.json"),
        "workflow_completed": ends, "workflow_failed": ends,
    } | {permit: golden("stage_request.json") for permit in permits}


class FuzzTests(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        print(f"FUZZ_SEED={SEED}", flush=True)
        self.fuzzer = Fuzzer(SEED)
        self.stack = Stack()
        self.addCleanup(self.stack.close)
        self.stack.up()
        self.logs = pathlib.Path(self.stack.environment["AUTOMATA_STACK"]) / "logs"

    def processes(self):
        return {process["name"]: process for process in json.loads(self.stack.automata("ps", "--json").stdout)}

    async def test_rubbish_on_every_subject_stops_no_service(self):
        before = self.processes()
        began = time.monotonic()
        with Forger(self.stack.nats_url, Fuzzer(SEED + 1)) as forger:
            await asyncio.to_thread(self.send_rubbish)
            self.assert_same(before)
            await self.until_taken()
        print(f"{MESSAGES} messages and {forger.sent} answers in {time.monotonic() - began:.1f} s", flush=True)
        self.assert_well(before)
        self.assertGreater(forger.sent, 100)
        # Only now it listens: nats-py itself gives up on some of the headers.
        client = await Client.connect(self.stack.nats_url, **self.stack.nats_options)
        self.addAsyncCleanup(client.close)
        await self.assert_works(client)
        self.assert_well(before)

    def send_rubbish(self):
        raw = RawConnection(self.stack.nats_url)
        good, pick = list(channels(self.stack).items()), self.fuzzer.random
        # Services have to be busy, for answers to be forged.
        for task in ("during-0", "during-1", "during-2"):
            body = json.dumps(request(self.stack, task)).encode()
            raw.publish(f"{PREFIX}.outside.tests.{task}.task_submitted", body)
        for number in range(MESSAGES):
            name, messages = good[number % len(good)]
            address = pick.choice(ADDRESSES)
            body = self.fuzzer.variant(self.named(pick.choice(messages), address))
            raw.publish(f"{PREFIX}.{address}.{name}", body, pick.choice(REPLIES), self.fuzzer.headers())
            if number % 8 == 0:
                raw.publish(f"{PREFIX}.signals", self.fuzzer.variant({"workflow_id": "x"}))
            if number % 100 == 0:
                raw.flush()
        raw.flush()
        raw.close()

    def named(self, message, address):
        """The message with the ids of the subject, without which nothing else of it is read."""
        ids = dict(zip(["company_id", "project_id", "task_id"], address.split(".")))
        if "task" in message:
            return message | {"task": message["task"] | ids | {"id": ids.get("task_id", "")}}
        return message | ids if "task_id" in message else message

    async def until_taken(self):
        """Waits until the services have put down everything that the stream holds for them."""
        connection = await nats.connect(self.stack.nats_url, **self.stack.nats_options)
        self.addAsyncCleanup(connection.close)
        for consumer in CONSUMERS:
            async with asyncio.timeout(120):
                while (await connection.jetstream().consumer_info("AUTOMATA", consumer)).num_pending:
                    await asyncio.sleep(0.05)

    def assert_same(self, before):
        """The processes are those of before, and none has said that it is in trouble."""
        after, trouble = self.processes(), {}
        for log in self.logs.glob("*.log"):
            lines = [line[:300] for line in log.read_text(errors="replace").splitlines() if TROUBLE.search(line)]
            trouble |= {log.name: lines[:5]} if lines else {}
        ended = [name for name, process in after.items() if not process["running"]]
        self.assertEqual((ended, trouble), ([], {}))
        self.assertEqual([p["pid"] for p in after.values()], [p["pid"] for p in before.values()])
        return after

    def assert_well(self, before):
        for name, process in self.assert_same(before).items():
            if port := process["health_port"]:
                for path in ("healthz", "readyz"):
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=20) as answer:
                        self.assertEqual(answer.status, 200, name)
                self.assertLess(process["resident_bytes"] - before[name]["resident_bytes"], MEMORY, name)

    async def assert_works(self, client):
        for task in TASKS:
            await client.ask(task, "control", {"action": "cancel"})
        answer = await client.ask("after", "submit", request(self.stack, "after"))
        self.assertTrue(answer["ok"], answer)
        end = await client.until("after", {"workflow_completed", "workflow_failed"}, timeout=120)
        self.assertEqual(end["details"]["status"], "completed", end)
        self.assertEqual(self.stack.git("rev-parse", end["details"]["branch_name"]), end["details"]["commit_hash"])


class Forger:
    """Answers what services ask each other and the server before these do, and what they will ask next."""

    def __init__(self, url, fuzzer):
        self.fuzzer, self.sent = fuzzer, 0
        self.raw = RawConnection(url)
        for inbox in INBOXES:
            self.raw.subscribe(f"{inbox}.>")
        self.raw.subscribe(f"{PREFIX}.>")
        self.raw.flush()
        self.thread = threading.Thread(target=self.forge)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.raw.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.raw.close()

    def forge(self):
        try:
            for subject, reply in self.raw.messages():
                self.answer(subject, reply)
        except OSError:
            pass  # It was shut.

    def answer(self, subject, reply):
        if REQUEST.fullmatch(reply) and subject.endswith(".objects"):
            self.send(reply, OFFER)
        elif answered := REQUEST.fullmatch(subject):
            # Requests are numbered: the answers to the next ones are sent ahead.
            for ahead in range(1, 9):
                self.send(f"{answered[1]}{int(answered[2]) + ahead}", self.fuzzer.random.choice(ANSWERS))
        elif CHUNKS.fullmatch(subject):
            self.send(subject, {"transfer": "x", "chunk": 0})

    def send(self, subject, message):
        reply = self.fuzzer.random.choice(DELIVERIES)
        # Numbers most of all: what else is wrong with an answer is read as none.
        odd = self.fuzzer.random.random() < 0.8
        variant = self.fuzzer.replaced(message, EDGES) if odd else self.fuzzer.variant(message)
        self.raw.publish(subject, variant, reply, b"" if odd else self.fuzzer.headers())
        self.sent += 1


if __name__ == "__main__":
    unittest.main()
