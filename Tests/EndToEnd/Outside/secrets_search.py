"""Looks for secrets where none may be."""

import base64
import os
import pathlib
import subprocess
import threading


def forms(name, secret):
    """A secret as it is, and as it could be encoded."""
    text = secret.encode()
    return {name: text, name + " in hex": text.hex().encode(), name + " in base64": base64.b64encode(text).rstrip(b"=")}


def in_files(folder, needles):
    """Yields (path, name) for each file below `folder` that holds a secret."""
    for parent, _, files in os.walk(folder):
        for file in files:
            path = pathlib.Path(parent, file)
            if path.is_symlink() or not path.is_file():
                continue
            content = path.read_bytes()
            for name, needle in needles.items():
                if needle in content:
                    yield str(path), name


def in_dump(database_url, needles):
    """Yields the names of secrets that the database's tables hold."""
    dump = subprocess.run(["pg_dump", "--inserts", database_url], check=True, capture_output=True).stdout
    for name, needle in needles.items():
        # A bytea is dumped in hex.
        if needle in dump or needle.hex().encode() in dump:
            yield name


class ProcessWatch:
    """Reads the command lines of all processes again and again, for as long as tasks run."""

    def __init__(self, needles):
        self.needles = needles
        self.found = set()
        self.samples = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.ended.wait(0.005):
            self.samples += 1
            for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = process.read_bytes()
                except OSError:
                    continue
                self.found |= {(name, line[:200]) for name, needle in self.needles.items() if needle in line}

    def stop(self):
        self.ended.set()
        self.thread.join()
        return self.found
