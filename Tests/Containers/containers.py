"""The installation of docker-compose.yml under podman-compose, with what surrounds it (compose.yml)."""

import base64
import json
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = re.findall(r"command: \[automata-([a-z-]+)\]", (ROOT / "docker-compose.yml").read_text())


class Containers:
    def __init__(self):
        self.programs = pathlib.Path(os.environ["PROGRAMS"]).resolve()
        self.project = "automata-test-" + secrets.token_hex(3)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="automata-containers-"))
        self.peers = self.folder / "peers"
        self.remote = self.peers / "remote.git"
        self.secrets = self._secrets()
        self._create_remote()
        # A model that takes its time: long enough to kill a coder that waits for it.
        script = (ROOT / "deploy/demo/script.yaml").read_text()
        slow = re.sub(r"(?m)^latency_ms: .*$", "latency_ms: 400", script)
        (self.peers / "script.yaml").write_text(slow)
        (self.folder / "env").write_text("".join(f"{name}={value}\n" for name, value in self.secrets.items()))

    def _secrets(self):
        """What deploy/env.example asks for, filled in as it says."""
        keys = subprocess.run([self.programs / "automata", "keys", "--new"], check=True, capture_output=True, text=True)
        values = dict(line.split("=", 1) for line in keys.stdout.splitlines() if "=" in line and line[0].isupper())
        for line in (ROOT / "deploy/env.example").read_text().splitlines():
            name, found, value = line.partition("=")
            if found and not name.startswith("#") and name not in values:
                password = name.endswith("_PASSWORD")
                values[name] = "p" + secrets.token_hex(24) if password else value
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            values["NATS_PORT"] = str(free.getsockname()[1])
        values |= {
            "MODEL_TYPE": "compatible", "MODEL_NAME": "scripted", "OPENAI_BASE_URL": "http://model:9000/v1",
            "OPENAI_API_KEY": "none", "WEBHOOK_URL": "http://peers:9001/hook",
            "WEBHOOK_SECRET": "whsec_" + secrets.token_hex(24), "CODER_REPLICAS": "2",
            "WEBHOOK_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "REMOTE_PASSWORD": secrets.token_hex(12), "PEERS": str(self.peers),
        }
        return values

    def _create_remote(self):
        source = self.folder / "source"
        shutil.copytree(ROOT / "deploy/demo/repository", source)
        identity = ["-c", "user.name=Outside", "-c", "user.email=outside@example.invalid", "-c", "commit.gpgsign=false"]
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], [*identity, "commit", "-q", "-m", "Start"]):
            subprocess.run(["git", "-C", source, *arguments], check=True)
        subprocess.run(["git", "clone", "-q", "--bare", source, self.remote], check=True)
        self.git("config", "http.receivepack", "true")

    def git(self, *arguments):
        """Asks the remote repository itself."""
        command = ["git", "-c", "safe.directory=*", "--git-dir", self.remote, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def compose(self, *arguments):
        files = ["--file", ROOT / "docker-compose.yml", "--file", ROOT / "Tests/Containers/compose.yml"]
        command = ["podman-compose", "--project-name", self.project, "--env-file", self.folder / "env", *files, *arguments]
        return run(command, timeout=300)

    def up(self):
        """Brings everything up in the order that the compose file asks for; podman 4 knows no conditions."""
        start = ("up", "--detach", "--no-build")
        self.compose(*start, "nats", "postgres")
        self.until_healthy(self.of("nats") + self.of("postgres"))
        self.compose(*start, "migrate")
        migration = f"{self.project}_migrate_1"
        if podman("wait", migration).strip() != "0":
            raise AssertionError(podman_logs(migration))
        self.scale()

    def scale(self, **scale):
        """Starts what does not run; `scale` names replicas of services."""
        scales = [word for name, count in scale.items() for word in ("--scale", f"{name}={count}")]
        self.compose("up", "--detach", "--no-build", "--no-recreate", *scales)

    def of(self, service):
        """The names of a service's containers that run."""
        label = f"label=com.docker.compose.service={service}"
        project = f"label=io.podman.compose.project={self.project}"
        return sorted(podman("ps", "--filter", project, "--filter", label, "--format", "{{.Names}}").split())

    def until_healthy(self, containers, seconds=90):
        """Runs the health checks that the images and the compose file define until all of them succeed."""
        end = time.monotonic() + seconds
        for container in containers:
            while (check := podman_result("healthcheck", "run", container)).returncode != 0:
                if time.monotonic() > end:
                    raise AssertionError(f"{container} is not healthy: {check.stdout} {podman_logs(container)[-2000:]}")
                time.sleep(0.2)

    def automata(self, *arguments, timeout=180):
        """Runs the tool on this host, as an operator."""
        login = f"automata.operator:{self.secrets['NATS_OPERATOR_PASSWORD']}"
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "NATS_INBOX_PREFIX": "_INBOX_OPERATOR",
            "NATS_URL": f"nats://{login}@127.0.0.1:{self.secrets['NATS_PORT']}",
        }
        return run([self.programs / "automata", *arguments], timeout=timeout, env=environment)

    def submit(self, task, *more):
        """The demo's task under another id."""
        file = self.folder / f"{task}.json"
        credentials = {
            "credential_type": "username_password", "username": "ada", "password": self.secrets["REMOTE_PASSWORD"],
        }
        request = {
            "task": {
                "company_id": "demo", "project_id": "intervals", "id": task, "title": f"Repair merging ({task})",
                "description": "merge() in intervals/merging.py loses the end of nested intervals.",
            },
            "repository": {"remote_url": "http://peers:9002/remote.git", "branch": "main", "credentials": credentials},
            "validation": {"commands": ["python3 -m unittest discover -s tests -t . -v"]},
        }
        file.write_text(json.dumps(request))
        return self.automata("submit", str(file), *more)

    def working(self, service, stage, seconds=30):
        """The name of a container of the service whose replica has a run of the stage under way."""
        query = f"select owner from stage_runs where stage = '{stage}' and state = 'leased'"
        postgres = self.of("postgres")[0]
        ask = ("exec", postgres, "psql", "-h", "/tmp", "-U", "automata", "-XAtc", query, "automata")
        password = f"PGPASSWORD={self.secrets['POSTGRES_PASSWORD']}"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            owners = podman("exec", "--env", password, *ask[1:]).split()
            for container in self.of(service):
                if any(owner in podman_logs(container) for owner in owners):
                    return container
        raise AssertionError(f"no {service} had a run of {stage}")

    def webhooks(self):
        file = self.peers / "webhooks.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def close(self):
        try:
            # `down` does not know of replicas beyond those of the file.
            for container in self.of("coder"):
                podman("rm", "--force", "--time", "1", container)
            self.compose("down", "--volumes", "--timeout", "1")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        raise AssertionError(f"{command} ended with {result.returncode}:\n{result.stdout[-3000:]}{result.stderr[-3000:]}")
    return result.stdout


def podman_result(*arguments):
    return subprocess.run(["podman", *arguments], capture_output=True, text=True, timeout=60)


def podman(*arguments):
    return run(["podman", *arguments], timeout=60)


def podman_logs(container):
    result = podman_result("logs", container)
    return result.stdout + result.stderr
