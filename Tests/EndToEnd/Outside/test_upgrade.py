"""An upgrade in the middle of the work: begun by the executables in PROGRAMS_BEFORE, ended by those in PROGRAMS."""

import asyncio
import os
import pathlib
import unittest

from client import Client
from stack import Stack
from test_outside import request

# The model is silent for a while, once for a request, after the coder has run the tests.
RULES = """
refuse:
  - model: held
    each: messages[role=tool].content
    matches: Ran \\d+ tests
    times: 1
    raw: {body: [{pause_ms: 10000}, {cut: true}]}
"""


@unittest.skipUnless(os.environ.get("PROGRAMS_BEFORE"), "PROGRAMS_BEFORE names no executables of another version")
class UpgradeTests(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.stack = Stack(rules=RULES)
        self.addCleanup(self.stack.close)

    def start(self, programs):
        self.stack.programs = pathlib.Path(programs).resolve()
        self.stack.up()

    async def connect(self):
        return await Client.connect(self.stack.nats_url, **self.stack.nats_options)

    async def test_no_task_is_lost(self):
        self.start(os.environ["PROGRAMS_BEFORE"])
        client = await self.connect()
        bodies = {name: request(self.stack, name) for name in ("ended", "waiting", "held")}
        bodies["waiting"]["delivery"] = {"approval": "plan"}
        bodies["held"]["agent"] = {"model": "held"}
        for name, body in bodies.items():
            answer = await client.ask(name, "submit", body)
            self.assertTrue(answer["ok"], answer)
        await client.until("ended", {"workflow_completed"})
        await client.until("waiting", {"approval_requested"})
        await client.until("held", {"implementation_step"})
        await client.close()
        self.stack.automata("down")

        self.start(os.environ["PROGRAMS"])
        client = await self.connect()
        answer = await client.ask("waiting", "control", {"action": "approve"})
        self.assertTrue(answer["ok"], answer)
        for name in bodies:
            end = await self.end(client, name)
            self.assertEqual(end["status"], "completed", end)
            self.assertEqual(self.stack.git("diff", "--name-only", "main", end["branch_name"]), "intervals/merging.py")
        await client.close()

    async def end(self, client, task):
        """How a task ended: it may have done so before anybody listened again."""
        for _ in range(600):
            answer = await client.ask(task, "status")
            self.assertTrue(answer["ok"], answer)
            if answer["status"] not in ("queued", "running", "awaiting_approval"):
                return answer.get("result") or answer
            await asyncio.sleep(0.1)
        self.fail(f"{task} does not end: {answer}")


if __name__ == "__main__":
    unittest.main()
