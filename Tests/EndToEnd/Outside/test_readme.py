"""The README's section "Use it on this machine", line by line, on the executables that were built as it says."""

import json
import os
import re
import subprocess
import unittest

from stack import ROOT, Stack

SECTION = "## Use it on this machine"


def commands():
    """The commands of the section's block, continued lines joined and remarks left out."""
    text = (ROOT / "README.md").read_text().partition(SECTION)[2].partition("\n## ")[0]
    block = re.search(r"```sh\n(.*?)```", text, re.S).group(1).replace("\\\n", " ")
    lines = (re.sub(r"\s+#.*$", "", line).strip() for line in block.splitlines())
    return [" ".join(line.split()) for line in lines if line]


class ReadmeTests(unittest.TestCase):
    """What the reader has and we have not is put in its place: a remote with a token, a model with a key."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)
        # Below the folder that the tool chooses itself when it is run in one, as a reader does.
        cls.environment = cls.stack.environment | {"GIT_TOKEN": cls.stack.git_token}
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

    def test_every_line_does_what_it_says(self):
        build, export, up, doctor, submit, status, down = commands()
        self.assertEqual(build, "make build")
        self.assertRegex(export, r'^export PATH="\$PWD/\.build/release:\$PATH" OPENROUTER_API_KEY=')
        self.assertTrue((self.stack.programs / "automata-planner").exists())

        self.assertEqual(up, "automata up --replicas coder=2")
        self.assertIn("7 services run", self.run_line(up))
        self.assertEqual(doctor, "automata doctor --call")
        self.run_line(doctor)

        submit = submit.replace("https://git.example.com/web.git", self.stack.remote_url)
        self.assertIn(self.stack.remote_url, submit)
        watched = self.run_line(submit.replace('"make test"', '"python3 -m unittest discover -s tests -t ."'))
        self.assertIn("workflow_completed", watched)

        self.assertTrue(status.startswith("automata status local/default/ID"))
        [task] = [task["task_id"] for task in json.loads(self.run_line("automata tasks --json"))]
        answer = json.loads(self.run_line(f"automata status local/default/{task} --json"))
        self.assertEqual(answer["status"], "completed")
        # What was pushed is on the remote; the other verbs of the remark answer.
        self.assertIn(answer["result"]["commit_hash"], self.sh(f"automata diff local/default/{task}").stderr)
        for verb in (f"watch local/default/{task}", "dead-letters list", "webhooks list"):
            self.run_line(f"automata {verb}")

        self.assertEqual(down, "automata down")
        self.run_line(down)
        self.assertIn("no stack is running", self.sh("automata ps").stderr)


if __name__ == "__main__":
    unittest.main()
