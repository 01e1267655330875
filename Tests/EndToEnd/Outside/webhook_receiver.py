"""Receives webhooks and keeps them with their headers."""

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class WebhookReceiver:
    def __init__(self, address=("127.0.0.1", 0)):
        self.deliveries = queue.Queue()
        self.server = ThreadingHTTPServer(address, type("Handler", (_Handler,), {"receiver": self}))
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        self.receiver.deliveries.put((dict(self.headers), body))

    def log_message(self, *_):
        pass
