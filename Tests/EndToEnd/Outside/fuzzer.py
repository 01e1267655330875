"""Broken and hostile messages made out of good ones, the same for the same seed, and a connection that sends them."""

import copy
import json
import random
import socket
import urllib.parse

# Numbers at which arithmetic breaks.
EDGES = ["-1", "0", "9223372036854775807", "-9223372036854775808", "9223372036854775808"]
NUMBERS = EDGES + [
    "-0", "1e999", "-1e999", "99999999999999999999999999", "1.7976931348623157e308", "5e-324", "0.1", "4294967296",
    "01", "1.", "-", "NaN",
]
TEXTS = [
    "", "\\u0000", "\0", "\\ud800", "\\udc00\\ud800", "\ufeff", "../../etc/passwd", "a.b.>", "*", "$JS.API.>", "%",
    "{a,{b,c}}", "e\u0301\u0302", "' or 1=1 --", "999999999-99-99T99:99:99.999Z", "2026-11-27T09:30:00.9999999999999Z",
]
VALUES = NUMBERS + [f'"{text}"' for text in TEXTS] + [
    "null", "true", "[]", "{}", "[[]]", '{"":{"":""}}', '{"a":1,"a":2}', "[" * 600 + "]" * 600,
    '{"a":' * 500 + "1" + "}" * 500,
    '"' + 'a\\"' * 20_000 + '"', "[" + "0," * 20_000 + "0]",
]
# The server takes a mebibyte with the headers, the stream 600 KiB, the intake 512.
LARGE = [
    text for size in (960 << 10, 580 << 10, 480 << 10)
    for text in (
        '"' + "a" * size + '"', '"' + "\\ud800" * (size // 6) + '"', "[" * (size // 2) + "]" * (size // 2),
        "[" + "0," * (size // 2) + "0]", "[" + "{}," * (size // 3) + "0]")
]
HEADERS = [
    b"Nats-Msg-Id: x", b"Nats-Msg-Id: " + b"x" * 4000, b"traceparent: 00-" + b"0" * 32 + b"-" + b"-" * 40,
    b"traceparent:", b"traceparent: \xff\xfe", b": no name", b"no colon", b"Status: 503",
    b"Status: -9223372036854775808", b"Nats-Expected-Last-Sequence: -1", b"\0: \0", b"a: " + b"b" * 3000,
    b"\r\n\r\n", "größe: 🐟".encode(),
]


class Fuzzer:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def variant(self, message):
        """A variant of a JSON value, as bytes: bytes that were changed, or a value put in another's place."""
        good = json.dumps(message).encode()
        kind = self.random.random()
        if kind < 0.02:
            return self.replaced(message, LARGE)
        if kind < 0.1:
            return self.random.randbytes(self.random.randrange(200))
        return self.damaged(good) if kind < 0.4 else good if kind < 0.45 else self.replaced(message, VALUES)

    def damaged(self, good):
        """Some bytes are changed, left out, doubled, put in or cut off."""
        data = bytearray(good)
        for _ in range(self.random.randint(1, 4)):
            place = self.random.randrange(len(data) + 1)
            kind = self.random.randrange(4)
            if kind == 0:
                data[place:place + 1] = self.random.randbytes(1)
            elif kind == 1:
                del data[place:place + self.random.randrange(20)]
            elif kind == 2:
                data[place:place] = data[place:place + 20]
            else:
                data[place:place] = bytes([self.random.choice(b'{}[]",:\\0')])
        return bytes(data)

    def replaced(self, message, values):
        """A hostile value stands in the place of one of the values, at any depth."""
        mark = "@replaced@"
        whole = [copy.deepcopy(message)]
        place, key = whole, 0
        while isinstance(place[key], (dict, list)) and place[key] and self.random.random() < 0.85:
            place = place[key]
            key = self.random.choice(list(place)) if isinstance(place, dict) else self.random.randrange(len(place))
        if isinstance(place[key], int) and values is VALUES and self.random.random() < 0.8:
            values = NUMBERS
        place[key] = mark
        text = json.dumps(whole[0]).replace(f'"{mark}"', self.random.choice(values))
        return text.encode("utf-8", "surrogatepass")

    def headers(self):
        """A block of headers, most often none."""
        if self.random.random() < 0.8:
            return b""
        lines = self.random.choices(HEADERS, k=self.random.randint(1, 4))
        first = self.random.choice([b"NATS/1.0"] * 8 + [b"NATS/1.0 503", b"NATS/1.0 -1 x", b"HTTP/1.1 200", b""])
        return self.random.choice([b"\r\n".join([first, *lines]) + b"\r\n\r\n"] * 8 + [self.random.randbytes(40)])


class RawConnection:
    """A login on the bus that sends and takes whatever it is given: a client library would refuse some of it."""

    def __init__(self, url):
        server = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((server.hostname, server.port), timeout=60)
        self.lines = self.socket.makefile("rb")
        self.lines.readline()
        login = {"user": server.username, "pass": server.password, "lang": "raw", "version": "1", "verbose": False}
        # Without what it sends itself.
        self.send(b"CONNECT " + json.dumps(login | {"headers": True, "no_responders": True, "echo": False}).encode())
        self.flush()

    def send(self, line, rest=b""):
        self.socket.sendall(line + b"\r\n" + rest)

    def publish(self, subject, payload, reply="", headers=b""):
        sizes = f"{len(headers)} {len(headers) + len(payload)}" if headers else f"{len(payload)}"
        line = f"{'HPUB' if headers else 'PUB'} {subject} {reply} {sizes}"
        self.send(line.encode(), headers + payload + b"\r\n")

    def subscribe(self, subject):
        self.send(f"SUB {subject} {subject}".encode())

    def messages(self):
        """Subject and reply of every message, until the connection is shut. That a subject is refused is no matter."""
        while line := self.lines.readline():
            words = line.decode(errors="replace").split()
            if words[0] in ("MSG", "HMSG"):
                self.lines.read(int(words[-1]) + 2)
                plain = 4 if words[0] == "MSG" else 5
                yield words[1], words[3] if len(words) > plain else ""
            elif words[0] == "PING":
                self.send(b"PONG")
            elif words[0] == "PONG":
                return

    def flush(self):
        """Waits until the server has taken everything."""
        self.send(b"PING")
        while (line := self.lines.readline()) != b"PONG\r\n":
            if not line:
                raise ConnectionError("the server ended the connection")

    def close(self):
        self.lines.close()
        self.socket.close()
