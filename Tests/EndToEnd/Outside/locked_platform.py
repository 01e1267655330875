"""The services as processes of their own, between servers that ask for a login."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

from locked_servers import LockedPostgres, certificates
from stack import ROOT, Stack

# The block of each service in docker-compose.yml, which tells the keys that it gets.
SERVICES = dict(re.findall(
    r"(?m)^    command: \[automata-([a-z-]+)\]\n((?:    .*\n)+)", (ROOT / "docker-compose.yml").read_text()))


class LockedPlatform(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        # Model, Git remote and receiver are those of the other tests; its servers and services are not started.
        self.stack = Stack()
        self.addCleanup(self.stack.close)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="automata-locked-"))
        self.folder.chmod(0o711)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.authority = certificates(self.folder)
        self.nats = self.start_nats()
        self.addCleanup(self.nats.close)
        self.postgres = LockedPostgres(self.folder)
        self.addCleanup(self.postgres.close)
        password = urllib.parse.quote(self.postgres.password, safe="")
        self.database_url = (
            f"postgresql://automata:{password}@127.0.0.1:{self.postgres.port}/postgres"
            f"?sslmode=verify-full&sslrootcert={self.authority}")
        self.services = []
        self.addCleanup(self.end_services)

    def start_nats(self):
        """A server with the methods `settings`, what a service logs in with, and `close`."""
        raise NotImplementedError

    def settings(self, service="planner"):
        return self.stack.environment | self.nats.settings(service) | {
            "SSL_CERT_FILE": str(self.authority), "DATABASE_URL": self.database_url, "HEALTH_PORT": "0",
        }

    def start_services(self):
        lines = self.stack.automata("keys", "--new").stdout.splitlines()
        keys = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        for name, block in SERVICES.items():
            home = {"AUTOMATA_HOME": str(self.folder / f"{name}-home")}
            given = {key: value for key, value in keys.items() if f" {key}: " in block}
            environment = self.settings(name) | given | home
            program = self.stack.programs / f"automata-{name}"
            with open(self.folder / f"{name}.log", "w") as log:
                self.services.append(subprocess.Popen([program], env=environment, stderr=log))
        for name in SERVICES:
            self.until_ready(name)

    def until_ready(self, name):
        for _ in range(600):
            log = (self.folder / f"{name}.log").read_text()
            port = re.search(r"health endpoints are up port=(\d+)", log)
            try:
                if port:
                    urllib.request.urlopen(f"http://127.0.0.1:{port[1]}/readyz").close()
                    return
            except OSError:
                pass
            time.sleep(0.05)
        self.fail(f"{name} is not ready: {log}\nnats-server: {self.nats.log()}")

    def end_services(self):
        for process in self.services:
            process.terminate()
        self.assertEqual([process.wait(timeout=20) for process in self.services], [0] * len(self.services))
