"""Lists in pages, and kept work as a patch, as a program reads them."""

import asyncio
import json
import subprocess
import unittest

from client import PREFIX, Client
from stack import Stack
from test_outside import request

PLACES = {
    "platform": "-.-.-", "company": "outside.-.-", "project": "outside.tests.-", "task": "outside.tests.kept",
}
OF_TASKS = {"activities", "events", "transcript", "evidence"}
EVERYWHERE = {"tasks", "dead_letters", "discoveries", "pushes", "rejected", "queue"}
LISTS = (
    {name: {"task"} for name in OF_TASKS} | {name: set(PLACES) for name in EVERYWHERE}
    | {"webhooks": {"platform", "company", "task"}, "attempts": {"platform", "task"}})
UNBUILT = ["resources", "usage", "history"]


class QueryTests(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.stack = Stack()
        self.addCleanup(self.stack.close)
        self.stack.up()

    async def ask(self, place, verb, body):
        data = json.dumps(body).encode()
        answer = await self.client.connection.request(f"{PREFIX}.{place}.{verb}", data, timeout=20)
        return json.loads(answer.data)

    async def items(self, what, place, limit, **more):
        found, cursor = [], None
        while True:
            page = await self.ask(place, "query", {"what": what, "limit": limit, "cursor": cursor} | more)
            self.assertTrue(page["ok"], (what, place, page))
            self.assertLessEqual(len(page["items"]), limit)
            found += page["items"]
            if (cursor := page["cursor"]) is None:
                return found

    async def run_tasks(self):
        """One that is not pushed, one that is, and one that is refused."""
        kept = request(self.stack, "kept") | {"delivery": {"push": False}}
        kept["task"]["tags"] = ["urgent"]
        for body in (kept, request(self.stack, "pushed")):
            self.assertTrue((await self.client.ask(body["task"]["id"], "submit", body))["ok"])
        for task in ("kept", "pushed"):
            await self.client.until(task, {"workflow_completed"})
        delivered = {"status": "delivered"}
        while len(await self.items("webhooks", PLACES["company"], 200, filter=delivered)) < 2:
            await asyncio.sleep(0.05)
        kept["task"]["title"] = "Something else"
        self.assertEqual((await self.client.ask("kept", "submit", kept))["error"]["code"], "conflict")

    async def test_lists_pages_and_patches(self):
        self.client = await Client.connect(self.stack.nats_url, **self.stack.nats_options)
        self.addAsyncCleanup(self.client.close)
        await self.run_tasks()
        await self.every_list_is_the_same_in_pages()
        await self.lists_say_what_happened()
        await self.what_cannot_be_asked_is_refused_by_name()
        await self.the_patch_is_the_kept_work()

    async def every_list_is_the_same_in_pages(self):
        for what, places in LISTS.items():
            for name, place in PLACES.items():
                if name not in places:
                    answer = await self.ask(place, "query", {"what": what})
                    self.assertEqual(answer["error"]["code"], "invalid_request", (what, place))
                    continue
                whole = await self.items(what, place, 200)
                self.assertEqual(await self.items(what, place, 1), whole, (what, place))
                for item in whole:
                    self.assertEqual((item["company_id"], item["project_id"]), ("outside", "tests"))
                    self.assertIn(item["task_id"], {"kept"} if name == "task" else {"kept", "pushed"})

    async def lists_say_what_happened(self):
        company = PLACES["company"]
        tasks = await self.items("tasks", company, 200, filter={"status": ["completed", "stuck"]})
        self.assertEqual([task["task_id"] for task in tasks], ["pushed", "kept"])
        self.assertEqual(await self.items("tasks", company, 200, filter={"until": "2020-01-01T00:00:00Z"}), [])
        for filter in ({"tag": "urgent"}, {"text": "MERGING (KEPT)"}, {"tag": "urgent", "status": "completed"}):
            found = await self.items("tasks", company, 1, filter=filter)
            self.assertEqual([task["task_id"] for task in found], ["kept"], filter)
        self.assertEqual(await self.items("children", PLACES["task"], 200), [])
        self.assertEqual(await self.items("queue", company, 200), [])
        [push] = await self.items("pushes", company, 200)
        self.assertEqual(push["commit_hash"], self.stack.git("rev-parse", push["branch_name"]))
        [refused] = await self.items("rejected", company, 200)
        self.assertEqual((refused["code"], refused["field"]), ("conflict", "task.id"))
        webhooks = await self.items("webhooks", company, 200, filter={"status": ["pending", "dead"]})
        self.assertEqual(webhooks, [])
        [attempt] = await self.items("attempts", PLACES["task"], 200)
        self.assertEqual(attempt["status_code"] // 100, 2)
        calls = await self.items("transcript", PLACES["task"], 50)
        self.assertLessEqual({"model_call", "tool_call"}, {call["kind"] for call in calls})
        [evidence] = await self.items("evidence", PLACES["task"], 50)
        self.assertTrue(evidence["evidence"]["success"] and evidence["signature"])
        status = await self.ask(PLACES["task"], "status", {})
        self.assertEqual((status["progress"], status["waits_for"], status["claimed_by"]), (100, None, None))
        self.assertEqual(status["completed_at"], status["finished_at"])

    async def what_cannot_be_asked_is_refused_by_name(self):
        for what in UNBUILT + ["secrets"]:
            answer = await self.ask(PLACES["company"], "query", {"what": what})
            self.assertEqual(answer["error"]["code"], "invalid_request", answer)
            self.assertIn("not built yet" if what in UNBUILT else "expected one of", answer["error"]["message"])
        for place in ("outside.-.kept", "-.tests.kept", "-.tests.-"):
            answer = await self.ask(place, "query", {"what": "tasks"})
            self.assertEqual(answer["error"]["code"], "invalid_subject", answer)
        answer = await self.ask("outside.tests.nowhere", "query", {"what": "transcript"})
        self.assertEqual(answer["error"]["code"], "not_found", answer)
        body = request(self.stack, "-")
        answer = await self.ask("outside.tests.-", "submit", body)
        self.assertIn("task.id", answer["error"]["message"])

    async def the_patch_is_the_kept_work(self):
        patch, body = "", {}
        while True:
            part = await self.ask(PLACES["task"], "diff", body)
            self.assertTrue(part["ok"], part)
            patch += part["patch"]
            if part["offset"] is None:
                break
            body = {"head": part["head_commit"], "offset": part["offset"]}
        self.assertEqual([file["path"] for file in part["files"]], ["intervals/merging.py"])
        self.assertEqual(patch, self.stack.automata("diff", "outside/tests/kept").stdout)
        clone = self.stack.folder / "clone"
        subprocess.run(["git", "-c", "safe.directory=*", "clone", "-q", self.stack.remote, clone], check=True)
        subprocess.run(["git", "-C", clone, "apply", "-"], input=patch, text=True, check=True)
        tests = ["python3", "-m", "unittest", "discover", "-s", "tests", "-t", "."]
        subprocess.run(tests, cwd=clone, check=True, capture_output=True)
        answer = await self.ask(PLACES["task"], "diff", {"head": "0" * 40, "offset": 1})
        self.assertEqual(answer["error"]["code"], "conflict", answer)
        # Of a task that was pushed it comes from the branch.
        answer = await self.ask("outside.tests.pushed", "diff", {})
        self.assertEqual([file["path"] for file in answer["files"]], ["intervals/merging.py"], answer)


if __name__ == "__main__":
    unittest.main()
