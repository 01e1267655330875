"""Streams of events (Server-Sent Events), read as a browser does."""

import http.client
import json
import urllib.parse


def is_end(event):
    """Whether a task ends with this event."""
    return event["notification_type"] in ("workflow_completed", "workflow_failed")


class Stream:
    """A stream of events, as a browser reads it: an event counts once it is whole, and its id is kept."""

    def __init__(self, token):
        self.token, self.last_id, self.events = token, None, []

    def read(self, url, most=None, until=lambda event: False):
        """Reads until an event, or until `most` bytes have come and the connection is cut."""
        connection, response = self.open(url)
        text = b""
        try:
            while most is None or most > 0:
                part = response.read1(1 << 16 if most is None else most)
                if not part:
                    return False
                if most is not None:
                    most -= len(part)
                text += part
                while b"\n\n" in text:
                    block, _, text = text.partition(b"\n\n")
                    if (event := self._take(block.decode())) and until(event):
                        return True
            return False
        except (ConnectionError, http.client.IncompleteRead):
            return False  # the gateway is gone
        finally:
            connection.close()

    def open(self, url):
        """A connection on which events come, behind the last that was read."""
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {self.token}"}
        if self.last_id is not None:
            headers["Last-Event-ID"] = self.last_id
        connection.request("GET", parts.path + ("?" + parts.query if parts.query else ""), headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {response.read()}")
        return connection, response

    def _take(self, block):
        data = None
        for line in block.split("\n"):
            if line.startswith("id: "):
                self.last_id = line[4:]
            if line.startswith("data: "):
                data = (data + "\n" if data else "") + line[6:]
        if data is None:
            return None
        self.events.append(json.loads(data))
        return self.events[-1]
