"""An outside client on nats-py: submits, asks, and collects the events of tasks."""

import asyncio
import json

import nats
import nats.js.errors

PREFIX = "automata.workflows"


class Client:
    def __init__(self, connection):
        self.connection = connection
        self.stream = connection.jetstream()
        self.events = {}
        self.news = asyncio.Condition()

    @classmethod
    async def connect(cls, url, **options):
        client = cls(await nats.connect(url, **options))
        await client.connection.subscribe(f"{PREFIX}.>", cb=client._take)
        await client.connection.flush()
        return client

    async def _take(self, message):
        try:
            body = json.loads(message.data)
        except ValueError:
            return
        # Requests and the messages between stages are no events.
        if not isinstance(body, dict) or "notification_type" not in body:
            return
        async with self.news:
            self.events.setdefault(message.subject.split(".")[-2], []).append((message, body))
            self.news.notify_all()

    async def until(self, task, notification_types, timeout=60):
        """Waits for an event of one of the types and returns its body."""

        def found():
            return [body for _, body in self.events.get(task, []) if body["notification_type"] in notification_types]

        async with self.news:
            await asyncio.wait_for(self.news.wait_for(found), timeout)
        return found()[0]

    async def publish(self, task, body, message_id=None):
        """Publishes to the stream: accepted as soon as it is stored."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Nats-Msg-Id": message_id} if message_id else None
        return await self.stream.publish(f"{PREFIX}.outside.tests.{task}.task_submitted", data, headers=headers)

    async def ask(self, task, what, body=None):
        """Core request/reply: `submit`, `status` or `control`."""
        data = json.dumps(body or {}).encode()
        answer = await self.connection.request(f"{PREFIX}.outside.tests.{task}.{what}", data, timeout=20)
        return json.loads(answer.data)

    async def stored(self):
        """Every event that the stream keeps, in its order."""
        state = (await self.stream.stream_info("AUTOMATA")).state
        bodies = []
        for sequence in range(state.first_seq, state.last_seq + 1):
            try:
                message = await self.stream.get_msg("AUTOMATA", sequence)
            except nats.js.errors.NotFoundError:
                continue  # erased: it held credentials
            body = json.loads(message.data) if message.data[:1] == b"{" and b"notification_type" in message.data else {}
            if "notification_type" in body:
                bodies.append(body)
        return bodies

    async def intake_is_done(self):
        """Waits until every submission that the stream holds was taken and acknowledged."""
        for _ in range(600):
            info = await self.stream.consumer_info("AUTOMATA", "intake")
            if info.num_pending == 0 and info.num_ack_pending == 0:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("submissions stay untaken")

    async def close(self):
        await self.connection.close()
