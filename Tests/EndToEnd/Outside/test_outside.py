"""What a user sees, with clients that are not ours: nats-py, psycopg, git and `standardwebhooks`."""

import datetime
import json
import pathlib
import unittest
import uuid

import psycopg
from psycopg.rows import dict_row
from standardwebhooks import Webhook

import secrets_search
from client import Client
from stack import Stack

ENVELOPE = {
    "event_id", "seq", "workflow_id", "company_id", "project_id", "task_id", "notification_type", "message", "details",
    "timestamp",
}
ORDER = [
    "workflow_started", "repo_cloned", "branch_created", "plan_created", "implementation_started",
    "implementation_step", "implementation_completed", "validation_started", "validation_completed",
    "changes_committed", "changes_pushed", "workflow_completed",
]
RESULT = {
    "success", "status", "workflow_id", "company_id", "project_id", "task_id", "branch_name", "base_commit",
    "commit_hash", "implementation_plan", "steps_completed", "validation_result", "error_message",
    "execution_time_hours", "artifacts",
}


def request(stack, task):
    """A task like the demo's."""
    return {
        "task": {
            "id": task, "project_id": "tests", "company_id": "outside", "title": f"Repair merging ({task})",
            "description": "merge() loses the end of nested intervals.", "unknown_field": "passes",
        },
        "repository": {
            "remote_url": stack.remote_url, "branch": "main",
            "credentials": {"credential_type": "username_password", "username": "ada", "password": stack.git_password},
        },
        "validation": {"commands": ["python3 -m unittest discover -s tests -t . -v"]},
    }


class OutsideTests(unittest.IsolatedAsyncioTestCase):
    """One platform for all tests; two tasks run on it, submitted in the two ways there are."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.needles = secrets_search.forms("the model's key", cls.stack.model_key)
        cls.needles |= secrets_search.forms("the git password", cls.stack.git_password)
        cls.needles |= secrets_search.forms("the git user and password", f"ada:{cls.stack.git_password}")
        cls.stack.up()
        cls.watch = secrets_search.ProcessWatch(cls.needles)
        cls.tasks = None

    async def asyncSetUp(self):
        self.client = await Client.connect(self.stack.nats_url, **self.stack.nats_options)
        if type(self).tasks is None:
            type(self).tasks = await self.run_tasks()

    async def asyncTearDown(self):
        await self.client.close()

    async def run_tasks(self):
        await self.client.publish("published", request(self.stack, "published"), message_id=str(uuid.uuid4()))
        answer = await self.client.ask("requested", "submit", request(self.stack, "requested"))
        self.assertTrue(answer["ok"], answer)
        uuid.UUID(answer["workflow_id"])
        for task in ("published", "requested"):
            end = await self.client.until(task, {"workflow_completed", "workflow_failed"})
            self.assertEqual(end["details"]["status"], "completed", end)
        hooks = [self.stack.receiver.deliveries.get(timeout=30) for _ in range(2)]
        return {"events": self.client.events, "hooks": hooks, "workflow_id": answer["workflow_id"]}

    def each_task(self):
        return [(task, self.tasks["events"][task]) for task in ("published", "requested")]

    def query(self, text, *values):
        with psycopg.connect(self.stack.database_url, row_factory=dict_row) as connection:
            return connection.execute(text, values).fetchall()

    # MARK: Events

    def test_every_event_comes_once_in_order_and_numbered_without_gaps(self):
        for _, events in self.each_task():
            types = [body["notification_type"] for _, body in events]
            self.assertEqual(sorted(set(types), key=types.index), ORDER)
            self.assertEqual([name for name in types if types.count(name) > 1 and name != "implementation_step"], [])
            self.assertEqual([body["seq"] for _, body in events], list(range(1, len(events) + 1)))

    def test_envelopes_are_as_documented(self):
        for task, events in self.each_task():
            self.assertEqual(len({body["event_id"] for _, body in events}), len(events))
            self.assertEqual(len({body["workflow_id"] for _, body in events}), 1)
            for message, body in events:
                self.assertLessEqual(ENVELOPE, set(body))
                self.assertEqual(uuid.UUID(body["event_id"]).version, 7)
                self.assertEqual(message.headers["Nats-Msg-Id"], body["event_id"])
                self.assertRegex(message.headers["traceparent"], r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
                self.assertRegex(body["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
                self.assertEqual((body["company_id"], body["project_id"], body["task_id"]), ("outside", "tests", task))
                self.assertEqual(message.subject.split(".")[-1], body["notification_type"])
                self.assertLess(len(message.data), 8192)

    async def test_the_stream_keeps_the_same_events(self):
        stored = await self.client.stored()
        for task, events in self.each_task():
            ids = [body["event_id"] for body in stored if body["task_id"] == task]
            self.assertEqual(ids[: len(events)], [body["event_id"] for _, body in events])

    def test_steps_are_tool_calls(self):
        for _, events in self.each_task():
            steps = [body["details"] for _, body in events if body["notification_type"] == "implementation_step"]
            self.assertIn("edit_file", [step["tool"] for step in steps])
            for step in steps:
                self.assertLessEqual({"iteration", "tool", "summary", "ok", "duration_ms"}, set(step))

    # MARK: Result

    def test_the_branch_holds_one_commit_with_the_intended_file_alone(self):
        for task, events in self.each_task():
            result = events[-1][1]["details"]
            branch, commit, base = result["branch_name"], result["commit_hash"], result["base_commit"]
            self.assertRegex(branch, r"^feat/\d{8}-[a-z0-9-]+$")
            self.assertEqual(self.stack.git("rev-parse", branch), commit)
            self.assertEqual(self.stack.git("rev-parse", f"{commit}^"), base)
            self.assertEqual(self.stack.git("rev-parse", "main"), base)
            self.assertEqual(self.stack.git("rev-list", "--count", f"main..{branch}"), "1")
            self.assertEqual(self.stack.git("diff", "--name-only", "main", branch), "intervals/merging.py")
            trailers = self.stack.git("log", "-1", "--format=%(trailers:only)", branch)
            self.assertIn(f"Automata-Task: outside/tests/{task}", trailers)
            self.assertIn(f"Automata-Workflow: {result['workflow_id']}", trailers)
        self.assertEqual(len(self.stack.git("for-each-ref", "refs/heads").splitlines()), 3)

    def test_the_result_is_true(self):
        for _, events in self.each_task():
            result = events[-1][1]["details"]
            self.assertLessEqual(RESULT, set(result))
            self.assertTrue(result["success"])
            self.assertIsNone(result["error_message"])
            self.assertEqual(result["validation_result"]["tests_passed"], 6)
            self.assertEqual(result["validation_result"]["tests_failed"], 0)
            self.assertTrue(result["validation_result"]["success"])
            artifacts = result["artifacts"]
            numbers = self.stack.git("diff", "--numstat", "main", result["branch_name"]).split()
            self.assertEqual([artifacts["insertions"], artifacts["deletions"]], [int(n) for n in numbers[:2]])
            self.assertEqual(artifacts["files_changed"], 1)
            self.assertEqual(artifacts["llm_calls"], 7)
            self.assertEqual((artifacts["prompt_tokens"], artifacts["completion_tokens"]), (13_700, 610))
            self.assertIn(artifacts["sandbox"], {"bubblewrap", "none"})
            self.assertEqual(len(result["implementation_plan"]["steps"]), 3)

    def test_each_task_sends_one_webhook_that_standardwebhooks_verifies(self):
        self.assertTrue(self.stack.receiver.deliveries.empty())
        results = {task: events[-1][1]["details"] for task, events in self.each_task()}
        self.assertEqual(len({headers["webhook-id"] for headers, _ in self.tasks["hooks"]}), 2)
        for headers, body in self.tasks["hooks"]:
            payload = Webhook(self.stack.webhook_secret).verify(body, headers)
            self.assertEqual(payload["type"], "workflow.completed")
            self.assertEqual(payload["data"], results.pop(payload["data"]["task_id"]))
        self.assertEqual(results, {})

    # MARK: Record

    def test_the_documented_query_works(self):
        for task, events in self.each_task():
            rows = self.query("SELECT * FROM task_activities WHERE task_id=%s ORDER BY timestamp DESC", task)
            self.assertLessEqual({"task_id", "activity_type", "message", "details", "timestamp"}, set(rows[0]))
            self.assertLessEqual(
                {row["activity_type"] for row in rows}, {"progress", "function_call", "mcp_call", "error"})
            calls = [row for row in rows if row["activity_type"] == "function_call"]
            steps = [body for _, body in events if body["notification_type"] == "implementation_step"]
            self.assertGreaterEqual(len(calls), len(steps))
            self.assertIsInstance(rows[0]["timestamp"], datetime.datetime)
            [row] = self.query("SELECT * FROM tasks WHERE task_id=%s", task)
            self.assertEqual(row["status"], "completed")
            self.assertEqual(row["result"], events[-1][1]["details"])

    # MARK: Again

    async def test_the_same_submission_again_does_nothing(self):
        before = await self.client.ask("requested", "status")
        again = await self.client.ask("requested", "submit", request(self.stack, "requested"))
        self.assertTrue(again["ok"], again)
        self.assertEqual(again["workflow_id"], self.tasks["workflow_id"])
        await self.client.publish("requested", request(self.stack, "requested"))
        await self.client.intake_is_done()
        self.assertEqual(await self.client.ask("requested", "status"), before)
        self.assertEqual(len(self.query("SELECT 1 FROM tasks WHERE task_id='requested'")), 1)

    async def test_the_same_id_with_other_content_is_refused_and_kept(self):
        other = request(self.stack, "requested")
        other["task"]["title"] = "Something else"
        answer = await self.client.ask("requested", "submit", other)
        self.assertFalse(answer["ok"])
        self.assertEqual(answer["error"]["code"], "conflict")
        await self.client.publish("published", other | {"task": other["task"] | {"id": "published"}})
        rejected = await self.client.until("published", {"task_rejected"})
        self.assertEqual(rejected["details"]["code"], "conflict")
        self.assertTrue(rejected["details"]["reason"])
        self.assertEqual((await self.client.ask("published", "status"))["status"], "completed")

    async def test_what_cannot_be_read_is_rejected_and_services_stay_up(self):
        cut = json.dumps(request(self.stack, "broken")["repository"]).encode()[:-2]
        self.assertIn(self.stack.git_password.encode(), cut)
        await self.client.publish("broken", cut)
        rejected = await self.client.until("broken", {"task_rejected"})
        self.assertEqual(set(rejected["details"]), {"code", "field", "reason"})
        mistaken = request(self.stack, "mistaken")
        mistaken["task"]["priority"] = 17
        answer = await self.client.ask("mistaken", "submit", mistaken)
        self.assertIn("task.priority", answer["error"]["message"])
        processes = json.loads(self.stack.automata("ps", "--json").stdout)
        self.assertEqual([process["name"] for process in processes if not process["running"]], [])

    # MARK: Secrets; last by its name, so that it sees what all others left

    async def test_zz_secrets_are_found_nowhere(self):
        await self.client.intake_is_done()
        self.assertGreater(self.watch.samples, 50)
        self.assertEqual(self.watch.stop(), set(), "command lines")
        stack_folder = pathlib.Path(self.stack.environment["AUTOMATA_STACK"])
        self.assertTrue(any((stack_folder / "nats").rglob("*.blk")))
        self.assertTrue(any((stack_folder / "home").rglob("HEAD")))
        # Everything: logs, the stream's files, mirrors and work trees with their .git, the database's files.
        found = list(secrets_search.in_files(stack_folder, self.needles))
        self.assertEqual(found, [])
        self.assertEqual(list(secrets_search.in_dump(self.stack.database_url, self.needles)), [])
        for _, events in self.each_task():
            for message, _ in events:
                self.assertFalse([name for name, needle in self.needles.items() if needle in message.data])


if __name__ == "__main__":
    unittest.main()
