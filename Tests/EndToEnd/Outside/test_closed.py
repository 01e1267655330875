"""What the users of `automata nats-config` can do on the bus, and that they can do nothing else."""

import asyncio
import json
import unittest

import nats
import nats.errors
import psycopg

from locked_platform import LockedPlatform
from locked_servers import ClosedNATS
from test_outside import ORDER, request

PREFIX = "automata.workflows"
VERBS = ["submit", "control", "status", "query", "diff", "objects"]
PERMITS = ["plan_requested", "implementation_requested", "validation_requested", "push_requested"]
EVENTS = ORDER + ["workflow_failed", "task_rejected", "workflow_paused", "discovery_recorded"]
MANAGEMENT = [
    "INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.AUTOMATA", "STREAM.CREATE.MINE", "STREAM.UPDATE.AUTOMATA",
    "STREAM.DELETE.AUTOMATA", "STREAM.PURGE.AUTOMATA", "STREAM.MSG.GET.AUTOMATA", "STREAM.MSG.DELETE.AUTOMATA",
    "STREAM.SNAPSHOT.AUTOMATA", "CONSUMER.CREATE.AUTOMATA", "CONSUMER.DURABLE.CREATE.AUTOMATA.mine",
    "CONSUMER.INFO.AUTOMATA.coder", "CONSUMER.LIST.AUTOMATA", "CONSUMER.DELETE.AUTOMATA.coder",
    "CONSUMER.MSG.NEXT.AUTOMATA.intake", "DIRECT.GET.AUTOMATA",
]
# What services that work on steps may send of a task, and take from the stream. Planners and notifiers publish all that
# the outbox holds, a webhook bridge nothing, and
# a gateway what clients ask.
ENDS = {
    "workflow_completed", "workflow_failed", "workflow_paused", "approval_requested", "subtask_started", "subtask_ended"}
WORKERS = {
    "coder": ENDS | {
        "implementation_started", "implementation_step", "implementation_completed", "discovery_recorded",
        "budget_alert", "implementation_requested", "validation_requested", "objects"},
    "validator": ENDS | {"validation_started", "validation_completed", "objects", *PERMITS[1:]},
    "pusher": ENDS | {"changes_committed", "changes_pushed", *PERMITS[2:]},
    "webhook-bridge": set(),
    "gateway": set(VERBS) - {"objects"},
}
CONSUMERS = {
    "coder": ["coder"], "validator": ["validator"], "pusher": ["pusher"],
    "webhook-bridge": ["webhook-completed", "webhook-failed"],
    "gateway": [],
}


class User:
    """A connection to the bus that notes what it gets and what it is refused."""

    def __init__(self):
        self.seen, self.refused = [], []

    @classmethod
    async def connect(cls, login, prefix=None):
        user = cls()
        prefix = (prefix or login["NATS_INBOX_PREFIX"]).encode()
        user.connection = await nats.connect(
            login["NATS_URL"], inbox_prefix=prefix, error_cb=user._note, allow_reconnect=False)
        return user

    async def _note(self, error):
        self.refused.append(str(error))

    async def _take(self, message):
        self.seen.append(message)

    async def listen(self, *subjects, queue=""):
        for subject in subjects:
            await self.connection.subscribe(subject, queue=queue, cb=self._take)
        await self.connection.flush()

    async def ask(self, subject, body, timeout=20):
        answer = await self.connection.request(subject, json.dumps(body).encode(), timeout=timeout)
        return json.loads(answer.data)

    async def until(self, subject, timeout=60):
        async with asyncio.timeout(timeout):
            while not (found := [message for message in self.seen if message.subject == subject]):
                await asyncio.sleep(0.01)
        return json.loads(found[0].data)

    async def until_refused(self, subjects, timeout=20):
        """Until it was told of each that it may not publish there, which the client notes in tasks of their own."""
        wanted = {f'publish to "{subject}"'.lower() for subject in subjects}
        async with asyncio.timeout(timeout):
            while not all(any(want in said.lower() for said in self.refused) for want in wanted):
                await asyncio.sleep(0.01)


class ClosedTests(LockedPlatform):
    service = None

    def start_nats(self):
        return ClosedNATS(self.folder, self.stack, ["outside", "globex"])

    async def user(self, name, prefix=None):
        user = await User.connect(self.nats.logins[name], prefix)
        self.addAsyncCleanup(user.connection.close)
        return user

    async def held(self):
        """The subjects that the stream holds messages of, and the tasks of the record."""
        self.service = self.service or await self.user("witness")
        info = await self.service.connection.jetstream().stream_info("AUTOMATA", subjects_filter=">")
        with psycopg.connect(self.database_url) as record:
            tasks = record.execute("select company_id, task_id from tasks").fetchall()
        return set(info.state.subjects or {}), tasks

    async def until_held(self, subjects):
        """Waits until all submissions are taken, and expects that their refusals are all that is left."""
        for _ in range(400):
            if (held := await self.held()) == (subjects, []):
                return
            await asyncio.sleep(0.05)
        self.assertEqual(held, (subjects, []))

    async def test_a_company_does_everything_and_another_gets_none_of_it(self):
        self.start_services()
        own, subject = await self.user("outside"), f"{PREFIX}.outside.tests.mine"
        await own.listen(*[f"{subject}.{event}" for event in EVENTS])

        # Others of the same company, of another company, and operators listen to whatever they may.
        patterns = [
            ">", "*", "*.>", "automata.>", f"{PREFIX}.>", f"{PREFIX}.outside.>", f"{PREFIX}.outside.*.*.*",
            f"{subject}.*", f"{subject}.>", f"{PREFIX}.*.*.*.workflow_completed", f"{PREFIX}.outside.tests.*.>",
            "_INBOX.>", "_INBOX.*.*", "_INBOX.outside.>", "_INBOX.globex.>", "_INBOX_PLANNER.>", "_INBOX_CODER.>",
            "_INBOX_OPERATOR.>", "_R_.>", "$JS.>",
            "$JS.API.>", "$JS.ACK.>", "$JS.EVENT.>", "$SYS.>", "$SYS.REQ.>", f"{PREFIX}.signals",
        ] + [f"{company}.{verb}" for company in (subject, f"{PREFIX}.outside.*.*", f"{PREFIX}.*.*.*")
             for verb in VERBS + PERMITS + ["task_submitted", "plan_created"]]
        thieves = {}
        for name in ("outside", "globex", "automata.operator"):
            for queue in ("", "front-door", "planner"):
                thieves[name, queue] = await self.user(name)
                await thieves[name, queue].listen(*patterns, queue=queue)

        answer = await own.ask(f"{subject}.submit", request(self.stack, "mine"))
        self.assertTrue(answer["ok"], answer)
        end = await own.until(f"{subject}.workflow_completed")
        self.assertEqual(end["details"]["status"], "completed", end)
        status = await own.ask(f"{subject}.status", {})
        self.assertEqual(status["last_seq"], end["seq"])
        page = await own.ask(f"{subject}.query", {"what": "events", "filter": {"since": 2}, "limit": 200})
        self.assertEqual([event["seq"] for event in page["items"]], list(range(end["seq"], 2, -1)))
        told = {json.loads(message.data)["event_id"]: json.loads(message.data) for message in own.seen}
        for event in page["items"]:
            self.assertEqual(told[event["event_id"]], event)
        for place in (f"{PREFIX}.outside.-.-", f"{PREFIX}.outside.tests.-", subject):
            page = await own.ask(f"{place}.query", {"what": "tasks", "filter": {"status": "completed"}})
            self.assertEqual([task["task_id"] for task in page["items"]], ["mine"], page)
        refused = await own.ask(f"{subject}.control", {"action": "cancel"})
        self.assertIn(refused["error"]["code"], {"already_ended", "not_possible", "conflict"})
        copy = request(self.stack, "stored")
        ack = await own.connection.jetstream().publish(
            f"{PREFIX}.outside.tests.stored.task_submitted", json.dumps(copy).encode())
        self.assertEqual(ack.stream, "AUTOMATA")
        operator = await self.user("automata.operator")
        while not (await operator.ask(f"{PREFIX}.outside.tests.stored.status", {})).get("finished_at"):
            await asyncio.sleep(0.05)

        # Events, and what is sent to the user's own inboxes.
        for (name, queue), thief in thieves.items():
            own = self.nats.logins[name]["NATS_INBOX_PREFIX"] + "."
            seen = {message.subject.split(".")[-1] for message in thief.seen if not message.subject.startswith(own)}
            allowed = set() if name == "globex" else {"plan_created", "workflow_completed"}
            self.assertLessEqual(seen, allowed, (name, queue))
            for message in thief.seen:
                self.assertNotIn(self.stack.git_password.encode(), message.data)
        self.assertTrue(thieves["outside", ""].seen)

    async def test_nothing_that_another_company_sends_gets_through(self):
        self.start_services()
        victim, subject = await self.user("outside"), f"{PREFIX}.outside.tests.mine"
        await victim.listen(*[f"{PREFIX}.outside.*.*.{event}" for event in EVENTS])
        thief = await self.user("globex")
        body = json.dumps(request(self.stack, "mine")).encode()
        targets = [f"{subject}.{name}" for name in VERBS + PERMITS + EVENTS + ["task_submitted"]]
        targets += [f"$JS.API.{name}" for name in MANAGEMENT] + [
            "$JS.ACK.AUTOMATA.coder.1.1.1.1.1", "$SYS.REQ.SERVER.PING", "$SYS.REQ.USER.INFO", "_INBOX_PLANNER.x",
            "_INBOX.outside.x", "_R_.x", f"{PREFIX}.signals", f"{PREFIX}.globex.tests.x.plan_created",
            f"{PREFIX}.globex.tests.x.push_requested", f"{PREFIX}.globex.tests.x.objects", "mine",
            f"{PREFIX}.-.-.-.query", f"{PREFIX}.outside.-.-.query", f"{PREFIX}.outside.tests.-.query",
        ]
        for target in targets:
            await thief.connection.publish(target, body, reply=thief.connection.new_inbox())
        await thief.connection.flush()
        # What is allowed, with answers that are to go where they do harm.
        harmful = [f"$JS.API.{name}" for name in MANAGEMENT] + [f"{subject}.{name}" for name in EVENTS + VERBS] + [
            f"{subject}.task_submitted", f"{subject}.push_requested", "_INBOX_PLANNER.x", "$SYS.REQ.SERVER.PING"]
        for target in harmful:
            for verb in ["submit", "control", "status", "query", "diff"]:
                await thief.connection.publish(f"{PREFIX}.globex.tests.none.{verb}", b"{}", reply=target)
        answer = await thief.ask(f"{PREFIX}.globex.tests.none.status", {})
        self.assertEqual(answer["error"]["code"], "not_found")
        # That its own submission is refused is told to globex: that is all.
        refusals = {f"{PREFIX}.globex.tests.none.task_rejected"}
        await self.until_held(refusals)
        self.assertEqual(victim.seen, [])
        self.assertGreaterEqual(len(thief.refused), len(targets))

        # Confirmations by the server, led there too: they change nothing, and the stream keeps what it held.
        for target in harmful:
            await thief.connection.publish(f"{PREFIX}.globex.tests.stored.task_submitted", b"{}", reply=target)
        await thief.connection.jetstream().publish(f"{PREFIX}.globex.tests.stored.task_submitted", b"{}")
        await self.until_held(refusals | {f"{PREFIX}.globex.tests.stored.task_rejected"})
        self.assertEqual(victim.seen, [])

    async def test_a_worker_sends_and_takes_what_its_work_needs(self):
        self.start_services()
        witness, subject = await self.user("witness"), f"{PREFIX}.outside.tests.none"
        await witness.listen(f"{subject}.*", "_INBOX_PLANNER.x", "_INBOX_CODER.x", "_INBOX.outside.x")
        names = EVENTS + PERMITS + VERBS + ["task_submitted", "other"]
        for service, allowed in WORKERS.items():
            worker = await self.user(f"automata.{service}")
            witness.seen.clear()
            for name in names:
                await worker.connection.publish(f"{subject}.{name}", b"{}")
            for inbox in ("_INBOX_PLANNER.x", "_INBOX_CODER.x", "_INBOX.outside.x"):
                await worker.connection.publish(inbox, b"{}")
            await worker.connection.flush()
            await witness.connection.flush()
            seen = {message.subject.removeprefix(f"{subject}.") for message in witness.seen}
            # Services answer what is asked, and may tell of it.
            inboxes = {"_INBOX_PLANNER.x"} if "objects" in allowed else set()
            self.assertLessEqual(allowed & set(names) | inboxes, seen, service)
            self.assertLessEqual(seen, allowed | inboxes | {"task_rejected"}, service)

            consumers = sum(CONSUMERS.values(), ["intake", "planner"])
            verbs = MANAGEMENT + [
                f"CONSUMER.{verb}.AUTOMATA.{consumer}" for verb in ("INFO", "MSG.NEXT", "DELETE")
                for consumer in consumers]
            may = {"STREAM.INFO.AUTOMATA"} | {
                f"CONSUMER.{verb}.AUTOMATA.{consumer}" for verb in ("INFO", "MSG.NEXT")
                for consumer in CONSUMERS[service]}
            targets = [f"$JS.API.{verb}" for verb in verbs if verb not in may] + [
                "$JS.ACK.AUTOMATA.intake.1.1.1.1.1", "$SYS.REQ.SERVER.PING", f"{PREFIX}.signals"]
            worker.refused.clear()
            for target in targets:
                await worker.connection.publish(target, b"{}")
            await worker.until_refused(targets)
            # The server's answers, led to where they would do harm.
            before = (await witness.connection.jetstream().stream_info("AUTOMATA")).state.messages
            for target in targets:
                await worker.connection.publish("$JS.API.STREAM.INFO.AUTOMATA", b"{}", reply=target)
            await worker.connection.flush()
            info = await witness.connection.jetstream().stream_info("AUTOMATA")
            self.assertGreaterEqual(info.state.messages, before, service)

    async def test_without_a_login_there_is_no_bus(self):
        async with asyncio.timeout(30):
            while True:
                try:
                    await self.user("outside")
                    break
                except (OSError, nats.errors.NoServersError):
                    await asyncio.sleep(0.05)
        for login in ["", "outside:wrong@", "outside@", "service:x@", "automata.coder:@"]:
            with self.assertRaises((nats.errors.Error, OSError)):
                await nats.connect(
                    f"nats://{login}127.0.0.1:{self.nats.port}", allow_reconnect=False, connect_timeout=5,
                    error_cb=User()._note)


if __name__ == "__main__":
    unittest.main()
