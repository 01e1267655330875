"""The HTTP interface, asked by clients that are not ours: curl, urllib, openapi-spec-validator and schemathesis."""

import json
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from event_stream import Stream, is_end
from openapi_spec_validator import validate
from stack import Stack
from test_outside import request

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,unsupported_method")


def some_bytes():
    """After how many bytes a connection is cut: often within an event, now and then behind a large one."""
    return random.randint(1, random.choice((500, 3000, 30000)))


class GatewayTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up("--replicas", "gateway=2")
        cls.tokens = {role: cls.token("--role", role) for role in ("viewer", "operator", "admin")}
        logs = pathlib.Path(cls.stack.environment["AUTOMATA_STACK"]) / "logs"
        ports = [re.search(r"HTTP is up .*port=(\d+)", (logs / f"gateway-{n}.log").read_text())[1] for n in (1, 2)]
        cls.urls = [f"http://127.0.0.1:{port}" for port in ports]

    @classmethod
    def token(cls, *arguments):
        return json.loads(cls.stack.automata("tokens", "create", "--json", *arguments).stdout)["token"]

    def ask(self, method, path, body=None, role="operator", url=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if role:
            headers["Authorization"] = f"Bearer {self.tokens.get(role, role)}"
        if body is not None and "Content-Type" not in headers:
            headers["Content-Type"] = "application/json"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        asked = urllib.request.Request((url or self.urls[0]) + path, data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(asked, timeout=30) as response:
                text = response.read()
                return response.status, json.loads(text) if text.startswith(b"{") else text.decode(), response.headers
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
                return error.code, json.loads(text) if text.startswith(b"{") else text.decode(), error.headers

    def submit(self, task, **more):
        status, answer, headers = self.ask("POST", "/api/v1/tasks", request(self.stack, task) | more)
        self.assertEqual(status, 201, answer)
        self.assertEqual(headers["Location"], f"/api/v1/tasks/outside/tests/{task}")
        return headers["Location"]

    def test_a_task_from_its_submission_to_its_push(self):
        place = self.submit("gateway")
        stream = Stream(self.tokens["viewer"])
        self.assertTrue(stream.read(self.urls[1] + place + "/events", until=is_end))
        self.assertEqual([event["seq"] for event in stream.events], list(range(1, len(stream.events) + 1)))
        self.assertEqual(stream.events[-1]["notification_type"], "workflow_completed")
        status, snapshot, _ = self.ask("GET", place, role="viewer")
        self.assertEqual((status, snapshot["status"]), (200, "completed"))
        status, page, _ = self.ask("GET", place + "/events?limit=3", role="viewer")
        self.assertEqual([item["seq"] for item in page["items"]], [len(stream.events) - n for n in range(3)])
        self.assertEqual(page["items"][0], stream.events[-1])
        status, diff, _ = self.ask("GET", place + "/diff", role="viewer")
        self.assertIn("+++ b/intervals/merging.py", diff["patch"])
        for name in ("activities", "evidence", "transcript", "pushes", "webhooks", "attempts", "discoveries"):
            status, page, _ = self.ask("GET", f"{place}/{name}", role="viewer")
            self.assertEqual(status, 200, (name, page))
        # Once more it is the same task; with other content it is none.
        status, answer, _ = self.ask("POST", "/api/v1/tasks", request(self.stack, "gateway"))
        self.assertEqual((status, answer["duplicate"]), (201, True))
        other = request(self.stack, "gateway")
        other["task"]["title"] = "Something else"
        self.assertEqual(self.ask("POST", "/api/v1/tasks", other)[0], 409)

    def test_a_key_makes_one_task_at_any_gateway(self):
        body = request(self.stack, "unused")
        del body["task"]["id"]
        answers = [self.ask("POST", "/api/v1/tasks", body, url=url, Idempotency_Key="k-1") for url in self.urls]
        self.assertEqual([answer[0] for answer in answers], [201, 201])
        self.assertEqual(len({answer[1]["workflow_id"] for answer in answers}), 1)
        body["task"]["title"] = "Something else"
        self.assertEqual(self.ask("POST", "/api/v1/tasks", body, Idempotency_Key="k-1")[0], 422)

    def test_streams_are_cut_at_random_and_nothing_is_missed_or_doubled(self):
        many = Stream(self.tokens["admin"])
        # The place from which on nothing may be missing.
        many.read(self.urls[0] + "/api/v1/events?company=outside", most=200)
        self.assertIsNotNone(many.last_id)
        tasks = [f"cut-{number}" for number in range(6)]
        ended = set()

        def note(event):
            if event["task_id"] in tasks and is_end(event):
                ended.add(event["task_id"])
            return len(ended) == len(tasks)

        submitter = threading.Thread(target=lambda: [self.submit(task) for task in tasks])
        submitter.start()
        cuts = 0
        while not many.read(self.urls[cuts % 2] + "/api/v1/events?company=outside", some_bytes(), note):
            cuts += 1
        submitter.join()
        for task in tasks:
            seqs, again = self.read_in_pieces(task)
            cuts += again
            self.assertEqual(seqs, list(range(1, len(seqs) + 1)), task)
            seen = [event["seq"] for event in many.events if event["task_id"] == task]
            self.assertEqual(seen, seqs, task)
        while cuts < 100:
            cuts += self.read_in_pieces(random.choice(tasks))[1]

    def read_in_pieces(self, task):
        """The numbers of a task's events, and how often the connection was cut before all were there."""
        stream, cuts = Stream(self.tokens["viewer"]), 0
        place = f"/api/v1/tasks/outside/tests/{task}/events"
        while not stream.read(random.choice(self.urls) + place, some_bytes(), is_end):
            cuts += 1
        seqs = [event["seq"] for event in stream.events]
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)), task)
        return seqs, cuts

    def test_lines_of_logs_are_streamed_in_pieces_and_none_is_missed_or_doubled(self):
        first = self.newest_line()
        place = self.submit("logged")
        self.assertTrue(Stream(self.tokens["viewer"]).read(self.urls[0] + place + "/events", until=is_end))
        for _ in range(300):
            if self.ask("GET", place + "/logs?service=pusher", role="viewer")[1]["items"]:
                break
            time.sleep(0.1)
        last = self.newest_line()
        self.assertGreater(last, first)
        for query in ("", "&level=warning", "&service=coder,pusher&text=STEP", "&task=outside/tests/logged"):
            stream, cuts = Stream(self.tokens["viewer"]), 0
            listed = self.lines(f"after={first}{query}", last)
            if not listed:
                continue
            stream.last_id = str(first)
            path = "/api/v1/logs?" + query.lstrip("&")
            while not stream.read(
                self.urls[cuts % 2] + path, some_bytes(), lambda line: line["id"] >= listed[-1]["id"]
            ):
                cuts += 1
            self.assertEqual([line for line in stream.events if line["id"] <= last], listed, query)

    def newest_line(self):
        page = self.ask("GET", "/api/v1/logs?limit=1", role="viewer")[1]
        return page["items"][0]["id"] if page["items"] else 0

    def lines(self, query, last):
        """The lines of the list up to one, the oldest first."""
        items, cursor = [], ""
        while cursor is not None:
            more = "&cursor=" + urllib.parse.quote(cursor, safe="") if cursor else ""
            status, page, _ = self.ask("GET", f"/api/v1/logs?limit=200&{query}{more}", role="viewer")
            self.assertEqual(status, 200, page)
            items += page["items"]
            cursor = page["cursor"]
        return [item for item in reversed(items) if item["id"] <= last]

    def process_of(self, name):
        return next(one["pid"] for one in json.loads(self.stack.automata("ps", "--json").stdout) if one["name"] == name)

    def test_a_gateway_that_is_killed_comes_back_and_streams_go_on_at_the_other(self):
        place = self.submit("killed", delivery={"approval": "plan", "push": False})
        stream = Stream(self.tokens["viewer"])
        waits = lambda event: event["notification_type"] == "approval_requested"
        self.assertTrue(stream.read(self.urls[0] + place + "/events", until=waits))
        reader = threading.Thread(target=stream.read, args=(self.urls[0] + place + "/events",), daemon=True)
        reader.start()
        os.kill(self.process_of("gateway-1"), signal.SIGKILL)
        reader.join(30)
        self.assertFalse(reader.is_alive())
        status, answer, _ = self.ask("POST", place + "/control", {"action": "approve"}, url=self.urls[1])
        self.assertEqual(status, 200, answer)
        self.assertTrue(stream.read(self.urls[1] + place + "/events", until=is_end))
        self.assertEqual([event["seq"] for event in stream.events], list(range(1, len(stream.events) + 1)))
        self.assertEqual(stream.events[-1]["notification_type"], "workflow_completed")
        _, page, _ = self.ask("GET", place + "/activities?text=asked%20to", url=self.urls[1])
        self.assertEqual([item["details"]["action"] for item in page["items"]], ["approve"])
        # It is started again where it was, and knows as much.
        for _ in range(600):
            try:
                if self.ask("GET", "/readyz", role=None)[0] == 200:
                    break
            except OSError:
                pass
            time.sleep(0.05)
        again = Stream(self.tokens["viewer"])
        self.assertTrue(again.read(self.urls[0] + place + "/events", until=is_end))
        self.assertEqual(again.events, stream.events)

    def test_a_thousand_streams_cost_little(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        url = self.urls[1] + "/api/v1/events?company=outside"
        status = pathlib.Path(f"/proc/{self.process_of('gateway-2')}/status")
        memory = lambda: int(re.search(r"VmRSS:\s+(\d+) kB", status.read_text())[1]) / 1024
        before = memory()
        connections = []
        self.addCleanup(lambda: [connection.close() for connection, _ in connections])
        for _ in range(1000):
            connections.append(Stream(self.tokens["viewer"]).open(url))
        place = self.submit("crowd", delivery={"push": False})
        for _, response in connections:
            text = b""
            while b"workflow_completed" not in text:
                text += response.read1(1 << 16)
        self.assertTrue(Stream(self.tokens["viewer"]).read(self.urls[0] + place + "/events", until=is_end))
        grown = memory() - before
        print(f"1,000 streams: {grown:.0f} MiB", file=sys.stderr)
        self.assertLess(grown, 60)

    def test_control_is_put_down_to_the_token(self):
        place = self.submit("controlled", delivery={"approval": "plan", "push": False})
        stream = Stream(self.tokens["viewer"])
        asks = lambda event: event["notification_type"] == "approval_requested"
        self.assertTrue(stream.read(self.urls[0] + place + "/events", until=asks))
        self.assertEqual(self.ask("POST", place + "/control", {"action": "dance"})[0], 422)
        self.assertEqual(self.ask("POST", place + "/control", {"action": "cancel"}, role="viewer")[0], 403)
        status, answer, _ = self.ask("POST", place + "/control", {"action": "reject"})
        self.assertEqual((status, answer["status"]), (200, "rejected"))
        self.assertEqual(self.ask("POST", place + "/control", {"action": "pause"})[0], 409)

    def test_nobody_comes_in_by_another_name_or_from_another_page(self):
        self.assertEqual(self.ask("GET", "/api/v1/tasks", role=None)[0], 401)
        self.assertEqual(self.ask("GET", "/api/v1/tasks", role="automata_wrong")[0], 401)
        self.assertEqual(self.ask("GET", "/healthz", role=None)[0], 200)
        port = urllib.parse.urlsplit(self.urls[0]).port
        others = ("evil.example", f"evil.example:{port}", f"127.0.0.1.nip.io:{port}", "127.0.0.1", f"0.0.0.0:{port}")
        for name in others:
            for path in ("/api/v1/tasks", "/", "/healthz", "/sign-in"):
                self.assertEqual(self.ask("GET", path, Host=name)[0], 421, (name, path))
        for origin in ("http://evil.example", f"https://127.0.0.1:{port}", "http://127.0.0.1:1", "null"):
            self.assertEqual(self.ask("GET", "/api/v1/tasks", Origin=origin)[0], 403, origin)
            self.assertEqual(self.ask("POST", "/api/task", {"description": "x"}, Origin=origin)[0], 403, origin)
        for name in (f"localhost:{port}", f"127.0.0.1:{port}"):
            self.assertEqual(self.ask("GET", "/api/v1/tasks", Host=name, Origin=f"http://{name}")[0], 200, name)
        company = self.token("--role", "admin", "--company", "elsewhere")
        self.assertEqual(self.ask("GET", "/api/v1/tasks?company=outside", role=company)[0], 403)
        self.assertEqual(self.ask("GET", "/api/v1/tasks", role=company)[1]["items"], [])

    def test_a_token_ends_with_its_streams(self):
        token = self.token("--role", "viewer", "--name", "short-lived")
        stream = Stream(token)
        ended = threading.Event()

        def follow():
            stream.read(self.urls[0] + "/api/v1/events")
            ended.set()

        threading.Thread(target=follow, daemon=True).start()
        self.assertEqual(self.ask("GET", "/api/v1/tasks", role=token)[0], 200)
        self.stack.automata("tokens", "revoke", "short-lived")
        self.assertEqual(self.ask("GET", "/api/v1/tasks", role=token)[0], 401)
        self.assertTrue(ended.wait(40))
        names = [grant["name"] for grant in json.loads(self.stack.automata("tokens", "list", "--json").stdout)]
        self.assertNotIn("short-lived", names)

    def test_a_browser_signs_in_once_by_the_address_of_up(self):
        def curl(*arguments):
            command = ["curl", "--silent", "--show-error", "--noproxy", "*", *arguments]
            return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout

        jar = str(self.stack.folder / "cookies")
        first = curl("--cookie-jar", jar, "--location", "--cookie", jar, self.stack.login_url)
        self.assertIn("<title>Fleet", first)
        self.assertIn("Sign in", curl("--location", self.stack.login_url))
        # Every page is made of what the gateway's own login may read.
        for name in ("Tasks", "Queue", "Logs", "Reports", "Projects", "Settings"):
            self.assertIn(f"<title>{name} ", curl("--cookie", jar, f"{self.urls[0]}/{name.lower()}"))
        # A form without its secret changes nothing, one with it does.
        place = self.submit("by-form", delivery={"approval": "plan", "push": False}).removeprefix("/api/v1/tasks")
        form = self.urls[0] + "/actions/tasks" + place
        status = ["--output", "/dev/null", "--write-out", "%{http_code}", "--cookie", jar]
        self.assertEqual(curl(*status, "--data", "action=cancel", form), "403")
        for view in ("overview", "timeline", "diff", "validation", "evidence", "events", "transcript"):
            page = curl("--cookie", jar, f"{self.urls[0]}/tasks{place}?view={view}")
            self.assertIn("<title>Repair merging (by-form) ", page, view)
        secret = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        self.assertEqual(curl(*status, "--data", f"action=cancel&csrf={secret}&back=/tasks", form), "303")
        # Who runs a step learns of it at the next heartbeat.
        end = time.monotonic() + 30
        while (status := self.ask("GET", "/api/v1/tasks" + place)[1]["status"]) != "cancelled":
            self.assertLess(time.monotonic(), end, status)
            time.sleep(0.1)

    def test_the_description_is_valid_and_true(self):
        status, document, _ = self.ask("GET", "/openapi.json", role="viewer")
        self.assertEqual(status, 200)
        validate(document)
        file = self.stack.folder / "openapi.json"
        file.write_text(json.dumps(document))
        command = [
            pathlib.Path(sys.executable).parent / "schemathesis", "run", file, "--url", self.urls[1], "--header",
            f"Authorization: Bearer {self.tokens['admin']}", "--checks", CHECKS, "--max-examples", "15", "--seed", "7",
            "--phases", "examples,fuzzing", "--request-timeout", "30", "--exclude-path", "/api/v1/events",
            "--exclude-path-regex", "/events$", "--no-color",
        ]
        result = subprocess.run(command, capture_output=True, text=True, timeout=600)
        self.assertEqual(result.returncode, 0, result.stdout[-8000:] + result.stderr[-2000:])


if __name__ == "__main__":
    unittest.main()
