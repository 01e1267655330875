"""Tasks as people write them down: `POST /api/task` by `curl`, with nothing but what is to be done."""

import json
import subprocess
import time
import unittest

from stack import Stack

OPEN = {"queued", "running", "paused", "awaiting_approval"}


class QuickTaskTests(unittest.TestCase):
    """The stack lets programs of this host do without a token, and has a repository for tasks that name none."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up(str(cls.stack.remote), "--open")
        commands = json.dumps(["python3 -m unittest discover -s tests -t ."])
        cls.stack.automata("define", "project", "local/default", "--set", f"validation.commands={commands}")
        cls.url = cls.stack.gateway_url

    def curl(self, path, *arguments):
        """The status and the body of an answer."""
        command = [
            "curl", "--silent", "--show-error", "--noproxy", "*", "--write-out", "\n%{http_code}", *arguments,
            self.url + path,
        ]
        result = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
        body, _, status = result.stdout.rpartition("\n")
        return int(status), json.loads(body) if body.startswith("{") else body

    def add(self, kind, data, *more):
        return self.curl("/api/task", "-X", "POST", "-H", f"Content-Type: {kind}", "-d", data, *more)

    def end(self, answer):
        """How a task ended."""
        for _ in range(1200):
            status, snapshot = self.curl(answer["url"])
            self.assertEqual(status, 200, snapshot)
            if snapshot["status"] not in OPEN:
                return snapshot
            time.sleep(0.05)
        self.fail(f"it does not end: {snapshot}")

    def listed(self, answer):
        _, page = self.curl("/api/v1/tasks?company=local&limit=200")
        return next(item for item in page["items"] if item["task_id"] == answer["task_id"])

    def test_json(self):
        status, answer = self.add("application/json", '{"description": "Optimize database queries", "priority": 3}')
        self.assertEqual(status, 201, answer)
        end = self.end(answer)
        self.assertEqual(end["status"], "completed", end)
        self.assertEqual(end["result"]["commit_hash"], self.stack.git("rev-parse", end["result"]["branch_name"]))
        item = self.listed(answer)
        self.assertEqual((item["title"], item["priority"]), ("Optimize database queries", 3))

    def test_plain_text(self):
        status, answer = self.add("text/plain", "Create a data validation utility")
        self.assertEqual(status, 201, answer)
        self.assertEqual((answer["company_id"], answer["project_id"]), ("local", "default"))
        self.assertEqual(self.end(answer)["status"], "completed")
        self.assertEqual(self.listed(answer)["title"], "Create a data validation utility")

    def test_a_key_makes_one_task_of_two_requests(self):
        key = ["-H", 'Idempotency-Key: "once"']
        answers = [self.add("text/plain", "Do it once", *key) for _ in range(2)]
        self.assertEqual([status for status, _ in answers], [201, 201])
        self.assertEqual(len({answer["task_id"] for _, answer in answers}), 1)
        self.assertEqual(self.add("text/plain", "Do something else", *key)[0], 422)

    def test_what_is_no_task_is_refused_and_said_why(self):
        for kind, data, expected in (
            ("application/json", "{", 400), ("application/json", "{}", 422), ("text/plain", " ", 422),
            ("application/x-www-form-urlencoded", "description=x", 415),
            ("application/json", '{"description": "x", "project": "local/none"}', 422),
            ("application/json", '{"description": "x", "project": "a b"}', 422),
        ):
            status, answer = self.add(kind, data)
            self.assertEqual((status, answer["status"]), (expected, expected), (data, answer))
            self.assertTrue(answer["code"] and answer["detail"], answer)
        large = self.stack.folder / "large.txt"
        large.write_text("x" * (2 << 20))
        status, answer = self.add("text/plain", f"@{large}")
        self.assertEqual((status, answer["code"]), (413, "too_large"), answer)
        self.assertEqual(self.curl("/api/task")[0], 405)

    def test_a_browser_of_this_host_needs_a_token_all_the_same(self):
        text = ["-H", "Content-Type: text/plain", "-d", "Do as a page says"]
        own = f"Origin: {self.url}"
        for header, expected in (
            (own, 401), ("Sec-Fetch-Site: same-origin", 401), ("Cookie: automata_session=x", 401),
            ("Origin: http://evil.example", 403), ("Origin: null", 403), ("Host: evil.example", 421),
        ):
            self.assertEqual(self.curl("/api/task", *text, "-H", header)[0], expected, header)
            self.assertEqual(self.curl("/api/v1/tasks", "-H", header)[0], expected, header)
        # What is no reading and no new task needs one in any case.
        self.assertEqual(self.curl("/api/v1/control", "-H", "Content-Type: application/json", "-d", "{}")[0], 401)


if __name__ == "__main__":
    unittest.main()
