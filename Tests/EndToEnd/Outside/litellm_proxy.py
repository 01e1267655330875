"""LiteLLM's proxy, as people put it before their models, in a virtual environment of its own: it needs a lot."""

import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
HERE = pathlib.Path(__file__).resolve().parent


def program():
    """The path of the proxy: LITELLM names one, else it is installed when it is first needed."""
    if given := os.environ.get("LITELLM"):
        return pathlib.Path(given)
    environment = ROOT / ".automata/litellm"
    path = environment / "bin/litellm"
    if path.exists():
        return path
    try:
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run(
            [environment / "bin/pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check", "--requirement",
             HERE / "requirements-litellm.txt"], check=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(environment, ignore_errors=True)
        # Without a network there are no packages; any other failure is one.
        try:
            urllib.request.urlopen("https://pypi.org/simple/litellm/", timeout=20).close()
        except OSError:
            raise unittest.SkipTest("litellm cannot be installed: pypi.org cannot be reached") from None
        raise
    return path


class LiteLLMProxy:
    """Routes each of `models` to the model of that name at `backend`."""

    def __init__(self, folder, backend, models):
        self.key = "sk-" + secrets.token_hex(16)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        config = folder / "litellm.json"
        # YAML holds JSON.
        config.write_text(json.dumps({
            "model_list": [
                {"model_name": model, "litellm_params": {
                    "model": f"openai/{model}", "api_base": backend, "api_key": "sk-backend", "max_retries": 0}}
                for model in models],
            # Who retries is under test.
            "router_settings": {"num_retries": 0}, "litellm_settings": {"num_retries": 0},
            "general_settings": {"master_key": self.key},
        }))
        self.log = open(folder / "litellm.log", "w")
        self.command = [
            program(), "--config", config, "--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"]
        self.folder = folder
        self.closing = threading.Event()
        self.process = self._start()
        self.supervisor = threading.Thread(target=self._supervise, daemon=True)
        self.supervisor.start()
        self._wait()

    def _start(self):
        return subprocess.Popen(
            self.command, stdout=self.log, stderr=subprocess.STDOUT, cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LITELLM_LOCAL_MODEL_COST_MAP": "True"})

    def _supervise(self):
        """Starts it again when a signal ended it, as whoever runs it has done: it dies in its interpreter at times."""
        while self.process.wait() < 0 and not self.closing.is_set():
            print(f"litellm was ended by signal {-self.process.returncode}, it is started again", file=sys.stderr)
            self.process = self._start()

    def _wait(self):
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/health/liveliness", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        self.close()
        raise RuntimeError("litellm did not start: " + pathlib.Path(self.log.name).read_text()[-2000:])

    def ask(self, model, text):
        """The status and the body of an answer."""
        request = urllib.request.Request(
            f"{self.url}/v1/chat/completions", method="POST",
            data=json.dumps({"model": model, "messages": [{"role": "user", "content": text}]}).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def close(self):
        self.closing.set()
        self.process.terminate()
        self.supervisor.join(timeout=20)
        if self.supervisor.is_alive():
            self.process.kill()
            self.supervisor.join()
        self.log.close()
