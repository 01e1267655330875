"""A running platform: the executables as processes, a scripted model, a Git remote and a webhook receiver."""

import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import tempfile
import time

from git_server import GitServer
from locked_servers import witness, with_witness
from webhook_receiver import WebhookReceiver

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Stack:
    def __init__(self, rules=""):
        """`rules` are those by which the model refuses, as its script names them."""
        self.programs = pathlib.Path(os.environ["PROGRAMS"]).resolve()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="automata-outside-"))
        # Root runs Postgres and the sandbox's commands as other accounts, which have to get through.
        self.folder.chmod(0o711)
        self.model_key = "sk-canary-" + secrets.token_hex(16)
        self.git_password = "canary-" + secrets.token_hex(16)
        self.git_token = "canary-" + secrets.token_hex(16)
        self.webhook_secret = "whsec_" + secrets.token_hex(24)
        self.running = []
        self._create_remote()
        self.git_server = GitServer(str(self.folder), "ada", self.git_password, self.git_token)
        self.remote_url = f"{self.git_server.url}/remote.git"
        self.receiver = WebhookReceiver()
        self.environment = self._environment(rules)

    def _create_remote(self):
        source = self.folder / "source"
        shutil.copytree(ROOT / "deploy/demo/repository", source)
        self.remote = self.folder / "remote.git"
        identity = ["-c", "user.name=Outside", "-c", "user.email=outside@example.invalid", "-c", "commit.gpgsign=false"]
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], [*identity, "commit", "-q", "-m", "Start"]):
            subprocess.run(["git", "-C", source, *arguments], check=True)
        subprocess.run(["git", "clone", "-q", "--bare", source, self.remote], check=True)
        self.git("config", "http.receivepack", "true")

    def _environment(self, rules):
        script = self.folder / "script.yaml"
        # The demo's, and an answer to `automata doctor --call`, which offers no tools.
        demo = (ROOT / "deploy/demo/script.yaml").read_text().rstrip()
        script.write_text(demo + "\n  - name: doctor\n    turns: [{content: Here I am.}]\n" + rules)
        model = self._start("automata-scripted-model", "--script", script)
        return {
            "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "AUTOMATA_STACK": str(self.folder / "stack"),
            "MODEL_TYPE": "compatible", "MODEL_NAME": "scripted", "OPENAI_BASE_URL": model + "/v1",
            "OPENAI_API_KEY": self.model_key, "WEBHOOK_URL": self.receiver.url, "WEBHOOK_ALLOW_PRIVATE": "true",
            "REPOSITORY_ALLOW_PRIVATE": "true",
            "WEBHOOK_SECRET": self.webhook_secret, "LOG_LEVEL": "trace",
        }

    def _start(self, program, *arguments):
        process = subprocess.Popen([self.programs / program, *arguments], stdout=subprocess.PIPE, text=True)
        self.running.append(process)
        line = process.stdout.readline().strip()
        if not line.startswith("listening on "):
            raise RuntimeError(f"{program} did not start: {line}")
        return line.removeprefix("listening on ")

    def up(self, *arguments):
        logins = json.loads(self.automata("up", "--json", *arguments).stdout)
        self.database_url = logins["database_url"]
        # Programs of before the gateway tell of none.
        self.gateway_url, self.login_url = logins.get("gateway_url"), logins.get("login_url")
        # These tests look at more than any user may see.
        self._add_witness(pathlib.Path(logins["settings"]).parent)
        login = witness(logins["nats_url"].rpartition(":")[2])
        self.nats_url = login["NATS_URL"]
        self.nats_options = {"inbox_prefix": login["NATS_INBOX_PREFIX"]}

    def _add_witness(self, folder):
        """Has the nats-server of the stack take in one user more, while the others go on."""
        log, configuration = folder / "logs/nats-server.log", folder / "nats.conf"

        def reloads():
            return log.read_text().count("Reloaded server configuration")

        before = reloads()
        configuration.write_text(with_witness(configuration.read_text()))
        processes = json.loads(self.automata("ps", "--json").stdout)
        os.kill(next(process["pid"] for process in processes if process["name"] == "nats-server"), signal.SIGHUP)
        for _ in range(200):
            if reloads() > before:
                return
            time.sleep(0.05)
        raise RuntimeError(f"nats-server does not read its configuration again: {log.read_text()[-2000:]}")

    def automata(self, *arguments, check=True):
        """Runs the tool `automata`."""
        command = [self.programs / "automata", *arguments]
        result = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)
        if check and result.returncode != 0:
            raise RuntimeError(f"automata {' '.join(arguments)} ended with {result.returncode}: {result.stderr}")
        return result

    def git(self, *arguments):
        """Asks the remote repository itself."""
        command = ["git", "-c", "safe.directory=*", "--git-dir", self.remote, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def close(self):
        self.automata("down", "--purge", check=False)
        for process in self.running:
            process.terminate()
            process.wait(timeout=20)
            process.stdout.close()
        self.git_server.close()
        self.receiver.close()
        shutil.rmtree(self.folder, ignore_errors=True)
