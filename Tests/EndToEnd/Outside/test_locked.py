"""The platform where every server asks for TLS and a login: .creds of nats-server, a password of Postgres."""

import pathlib
import re
import secrets
import shutil
import ssl
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

import nats
import psycopg
from standardwebhooks import Webhook

import secrets_search
from client import Client
from locked_servers import LockedNATS, LockedPostgres, certificates
from stack import Stack
from test_outside import request

# Each service and the keys that it gets.
SERVICES = {
    "planner": ["AUTOMATA_MASTER_KEY"], "coder": [], "validator": ["SIGNING_KEY"],
    "pusher": ["SEALING_KEY", "VERIFY_KEY"], "notifier": [], "webhook-bridge": [],
}


class LockedTests(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        # Model, Git remote and receiver are those of the other tests; its servers and services are not started.
        self.stack = Stack()
        self.addCleanup(self.stack.close)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="automata-locked-"))
        self.folder.chmod(0o711)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.authority = certificates(self.folder)
        self.nats = LockedNATS(self.folder)
        self.addCleanup(self.nats.close)
        self.postgres = LockedPostgres(self.folder)
        self.addCleanup(self.postgres.close)
        password = urllib.parse.quote(self.postgres.password, safe="")
        self.database_url = (
            f"postgresql://automata:{password}@127.0.0.1:{self.postgres.port}/postgres"
            f"?sslmode=verify-full&sslrootcert={self.authority}")
        self.services = []
        self.addCleanup(self.end_services)

    def settings(self):
        return self.stack.environment | {
            "NATS_URL": self.nats.url, "NATS_CREDENTIALS": str(self.nats.credentials),
            "SSL_CERT_FILE": str(self.authority), "DATABASE_URL": self.database_url, "HEALTH_PORT": "0",
        }

    def start_services(self):
        lines = self.stack.automata("keys", "--new").stdout.splitlines()
        keys = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        for name, given in SERVICES.items():
            home = {"AUTOMATA_HOME": str(self.folder / f"{name}-home")}
            environment = self.settings() | {key: keys[key] for key in given} | home
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
        self.fail(f"{name} is not ready: {log}")

    def end_services(self):
        for process in self.services:
            process.terminate()
        self.assertEqual([process.wait(timeout=20) for process in self.services], [0] * len(self.services))

    async def connect(self):
        trust = ssl.create_default_context(cafile=str(self.authority))
        options = {"tls": trust, "user_credentials": str(self.nats.credentials), "connect_timeout": 10}
        return await Client.connect(self.nats.url, **options)

    async def test_a_task_runs_where_every_server_asks_for_tls_and_a_login(self):
        self.start_services()
        client = await self.connect()
        answer = await client.ask("locked", "submit", request(self.stack, "locked"))
        self.assertTrue(answer["ok"], answer)
        end = await client.until("locked", {"workflow_completed", "workflow_failed"})
        self.assertEqual(end["details"]["status"], "completed", end)
        await client.close()
        headers, body = self.stack.receiver.deliveries.get(timeout=30)
        Webhook(self.stack.webhook_secret).verify(body, headers)
        with psycopg.connect(self.database_url) as record:
            [row] = record.execute("SELECT status FROM tasks WHERE task_id='locked'").fetchall()
        self.assertEqual(row, ("completed",))
        needles = secrets_search.forms("the database's password", self.postgres.password)
        seed = self.nats.credentials.read_text().split("SEED-----\n")[1].split()[0]
        logs = "".join((self.folder / f"{name}.log").read_text() for name in SERVICES)
        self.assertNotIn(seed, logs)
        self.assertEqual([name for name, needle in needles.items() if needle.decode() in logs], [])

    def test_the_tool_says_what_is_wrong_with_a_login_or_a_certificate(self):
        def complaint(part, **changes):
            self.stack.environment = self.settings() | changes
            lines = self.stack.automata("doctor", check=False).stdout.splitlines()
            return next(line for line in lines if line.split()[1:2] == [part])

        self.assertIn("ok", complaint("bus"))
        self.assertIn("ok", complaint("database"))
        self.assertIn("certificate", complaint("bus", SSL_CERT_FILE="/dev/null"))
        self.assertIn("credentials", complaint("bus", NATS_CREDENTIALS=""))
        wrong = self.database_url.replace("automata:", "automata:" + secrets.token_hex(4))
        said = complaint("database", DATABASE_URL=wrong)
        self.assertIn("password", said)
        self.assertNotIn(self.postgres.password, said)


if __name__ == "__main__":
    unittest.main()
