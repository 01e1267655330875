"""A Git remote on port 9002 and a receiver of webhooks on port 9001, which writes each as a JSON line to webhooks.jsonl."""

import json
import os
import pathlib
import sys

from git_server import GitServer
from webhook_receiver import WebhookReceiver

folder = pathlib.Path(sys.argv[1])
GitServer(str(folder), "ada", os.environ["REMOTE_PASSWORD"], address=("0.0.0.0", 9002))
receiver = WebhookReceiver(address=("0.0.0.0", 9001))
with open(folder / "webhooks.jsonl", "a", encoding="utf-8") as file:
    while True:
        headers, body = receiver.deliveries.get()
        file.write(json.dumps({"headers": headers, "body": body.decode()}) + "\n")
        file.flush()
