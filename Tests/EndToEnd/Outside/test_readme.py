"""The README's ways of use, on the executables that were built as it says: its commands line by line, its programs whole."""

import json
import os
import re
import subprocess
import sys
import unittest
from unittest import mock

from stack import ROOT, Stack


def section(title):
    return (ROOT / "README.md").read_text().partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def commands():
    """The commands for this machine, continued lines joined and remarks left out."""
    [block] = blocks(section("Use it on this machine"), "sh")
    lines = (re.sub(r"\s+#.*$", "", line).strip() for line in block.replace("\\\n", " ").splitlines())
    return [" ".join(line.split()) for line in lines if line]


class ReadmeTests(unittest.TestCase):
    """What the reader has and we have not is put in its place: a remote with a token, a model with a key."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        # Below the folder that the tool chooses itself when it is run in one, as a reader does.
        cls.environment = cls.stack.environment | {
            "GIT_TOKEN": cls.stack.git_token, "REMOTE_URL": cls.stack.remote_url,
        }
        cls.environment.pop("AUTOMATA_STACK")
        cls.folder = cls.stack.folder / "reader"
        cls.folder.mkdir()
        cls.folder.chmod(0o711)
        cls.addClassCleanup(cls.sh, "automata down --purge")

    @classmethod
    def sh(cls, line):
        path = f"{cls.stack.programs}:{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line], cwd=cls.folder, env=cls.environment | {"PATH": path},
            capture_output=True, text=True, timeout=180)

    def run_line(self, line):
        result = self.sh(line)
        self.assertEqual(result.returncode, 0, f"{line}\n{result.stdout}{result.stderr}")
        return result.stdout

    def fitted(self, text):
        """With the command that validates our repository in the place of the reader's."""
        self.assertEqual(text.count('"make test"'), 1)
        return text.replace('"make test"', '"python3 -m unittest discover -s tests -t ."')

    def keep_work(self, task):
        """Runs a task that is not to be pushed."""
        credentials = {"credential_type": "access_token", "access_token": self.stack.git_token}
        request = {
            "task": {"company_id": "local", "project_id": "default", "id": task, "title": "Repair merging"},
            "repository": {"remote_url": self.stack.remote_url, "branch": "main", "credentials": credentials},
            "validation": {"commands": ["python3 -m unittest discover -s tests -t ."]}, "delivery": {"push": False},
        }
        (self.folder / "task.json").write_text(json.dumps(request))
        self.run_line("automata submit task.json --watch")

    def test_every_line_does_what_it_says(self):
        build, export, up, doctor, submit, status, replicas, down = commands()
        self.assertEqual(build, "make build")
        self.assertRegex(export, r'^export PATH="\$PWD/\.build/release:\$PATH" OPENROUTER_API_KEY=')
        self.assertTrue((self.stack.programs / "automata-planner").exists())

        self.assertEqual(up, "automata up --replicas coder=2")
        self.assertIn("8 services run", self.run_line(up))
        self.assertEqual(doctor, "automata doctor --call")
        self.run_line(doctor)

        submit = self.fitted(submit.replace("https://git.example.com/web.git", self.stack.remote_url))
        self.assertIn(self.stack.remote_url, submit)
        watched = self.run_line(submit)
        self.assertIn("workflow_completed", watched)

        self.assertTrue(status.startswith("automata status local/default/ID"))
        [task] = [task["task_id"] for task in json.loads(self.run_line("automata tasks --json"))]
        answer = json.loads(self.run_line(f"automata status local/default/{task} --json"))
        self.assertEqual(answer["status"], "completed")
        # The other verbs of the remark answer, of what was pushed and of what is kept.
        self.assertIn("+++ b/intervals/merging.py", self.run_line(f"automata diff local/default/{task}"))
        self.keep_work("kept")
        self.assertIn("+++ b/intervals/merging.py", self.run_line("automata diff local/default/kept"))
        for verb in (f"watch local/default/{task}", "dead-letters list", "webhooks list"):
            self.run_line(f"automata {verb}")
        self.assertTrue(replicas.startswith("automata replicas"))
        self.assertIn("coder-2", self.run_line("automata replicas"))
        self.assertIn("task accepted", self.run_line("automata logs 500"))
        for verb in ("pause", "resume", "pause local", "resume local", "restart coder-2"):
            self.run_line(f"automata {verb}")
        self.assertIn("# Report on the platform", self.run_line("automata report --new"))

        self.assertEqual(down, "automata down")
        self.run_line(down)
        self.assertIn("no stack is running", self.sh("automata ps").stderr)

    def test_the_programs_do_what_they_say(self):
        text = section("Use it from a program")
        client, receiver = blocks(text, "python")
        (self.folder / "client.py").write_text(self.fitted(client))
        run = re.search(r"`(env .* python3) …`", text)[1].replace("python3", sys.executable)
        self.run_line("automata up")
        lines = self.run_line(f"{run} client.py").splitlines()
        self.assertIn(" workflow_completed ", lines[-2])
        self.assertRegex(lines[-1], r"^completed feat/\S+ [0-9a-f]{40}$")

        program = {}
        exec(receiver, program)
        while True:
            headers, body = self.stack.receiver.deliveries.get(timeout=30)
            if json.loads(body)["data"]["task_id"] == "fix-login":
                break
        with mock.patch.dict(os.environ, WEBHOOK_SECRET=self.stack.webhook_secret):
            self.assertEqual(
                program["handle"](headers, body), (headers["webhook-id"], "workflow.completed", "completed"))
            with self.assertRaises(Exception):
                program["handle"](headers, body + b" ")


if __name__ == "__main__":
    unittest.main()
