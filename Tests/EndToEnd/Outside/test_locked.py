"""The platform where every server asks for TLS and a login: .creds of nats-server, a password of Postgres."""

import secrets
import ssl
import unittest

import psycopg
from standardwebhooks import Webhook

import secrets_search
from client import Client
from locked_platform import SERVICES, LockedPlatform
from locked_servers import LockedNATS
from test_outside import request


class LockedTests(LockedPlatform):
    def start_nats(self):
        return LockedNATS(self.folder)

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
