"""A nats-server that takes TLS and .creds files alone, and a Postgres that takes TLS and passwords alone."""

import base64
import glob
import json
import os
import pathlib
import pwd
import re
import secrets
import socket
import subprocess
import time

import nkeys


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificates(folder):
    """An authority of our own, and a certificate of it for 127.0.0.1. Returns the authority's file."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost")
    key = ["-newkey", "rsa:2048", "-nodes", "-days", "2"]
    openssl("req", "-x509", *key, "-subj", "/CN=Tests", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *key[:3], "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "names", "-out", "server.pem")
    return folder / "ca.pem"


class _Identity:
    """A key of an operator, account or user, and what it signs (JSON Web Tokens as nats-server reads them)."""

    def __init__(self, prefix):
        self.seed = nkeys.encode_seed(secrets.token_bytes(32), prefix)
        self.pair = nkeys.from_seed(bytearray(self.seed))
        self.name = self.pair.public_key.decode()

    def vouch(self, subject, kind, **claims):
        def encoded(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        body = {
            "jti": secrets.token_hex(16), "iat": int(time.time()), "iss": self.name, "sub": subject.name,
            "name": kind, "nats": {"type": kind, "version": 2, **claims},
        }
        head = {"typ": "JWT", "alg": "ed25519-nkey"}
        text = b".".join(encoded(json.dumps(part).encode()) for part in (head, body))
        return (text + b"." + encoded(self.pair.sign(text))).decode()


class LockedNATS:
    def __init__(self, folder):
        self.folder = folder
        operator, system = _Identity(nkeys.PREFIX_BYTE_OPERATOR), _Identity(nkeys.PREFIX_BYTE_ACCOUNT)
        account, user = _Identity(nkeys.PREFIX_BYTE_ACCOUNT), _Identity(nkeys.PREFIX_BYTE_USER)
        limits = dict.fromkeys(["subs", "data", "payload", "imports", "exports", "conn", "leaf"], -1)
        storage = dict.fromkeys(["mem_storage", "disk_storage", "streams", "consumer"], -1)
        accounts = {
            system.name: operator.vouch(system, "account", limits=limits | {"wildcards": True}),
            account.name: operator.vouch(account, "account", limits=limits | {"wildcards": True} | storage),
        }
        self.credentials = folder / "user.creds"
        jwt = account.vouch(user, "user", pub={}, sub={}, subs=-1, data=-1, payload=-1)
        self.credentials.write_text(
            f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{user.seed.decode()}\n------END USER NKEY SEED------\n")
        self.port = free_port()
        self.url = f"tls://127.0.0.1:{self.port}"
        preload = "\n".join(f"  {name}: {jwt}" for name, jwt in accounts.items())
        (folder / "nats.conf").write_text(
            f'host: "127.0.0.1"\nport: {self.port}\njetstream {{ store_dir: "{folder}/stream" }}\n'
            f'tls {{ cert_file: "{folder}/server.pem", key_file: "{folder}/server.key" }}\n'
            f"operator: {operator.vouch(operator, 'operator')}\nsystem_account: {system.name}\n"
            f"resolver: MEMORY\nresolver_preload {{\n{preload}\n}}\n")
        self.login = {"NATS_URL": self.url, "NATS_CREDENTIALS": str(self.credentials)}
        self.process = subprocess.Popen(["nats-server", "-c", folder / "nats.conf", "-l", folder / "nats.log"])

    def settings(self, service):
        """What a service logs in with: here all with the same."""
        return self.login

    def log(self):
        """What it said last."""
        return (self.folder / "nats.log").read_text()[-4000:]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)


def with_witness(configuration):
    """The file of `automata nats-config` with one user more, who may do everything in the services' account."""
    users = "        users: [\n"
    return configuration.replace(users, users + '            {user: "witness", password: "witness"}\n', 1)


def witness(port):
    """How the witness logs in."""
    return {"NATS_URL": f"nats://witness:witness@127.0.0.1:{port}", "NATS_INBOX_PREFIX": "_INBOX_OPERATOR.witness"}


class ClosedNATS:
    """A nats-server with the users of `automata nats-config`, and a witness."""

    def __init__(self, folder, stack, companies):
        self.port = free_port()
        made = stack.automata(
            "nats-config", "--new", "--host", "127.0.0.1", "--port", str(self.port), "--monitoring-port", "0",
            "--store", str(folder / "stream"), *[word for company in companies for word in ("--company", company)])
        (folder / "nats.conf").write_text(with_witness(made.stdout))
        (folder / "nats.conf").chmod(0o600)
        logins = re.findall(r"NATS_URL=(nats://([^:]+):\S+) NATS_INBOX_PREFIX=(\S+)", made.stdout)
        # By the name of the user: the settings of a service or of the tool.
        self.logins = {user: {"NATS_URL": url, "NATS_INBOX_PREFIX": prefix} for url, user, prefix in logins}
        self.logins["witness"] = witness(self.port)
        self.process = subprocess.Popen(["nats-server", "-c", folder / "nats.conf", "-l", folder / "nats.log"])

    def settings(self, service):
        return self.logins[f"automata.{service}"]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)


class LockedPostgres:
    def __init__(self, folder):
        self.password = "canary:/@ " + secrets.token_hex(8)
        self.programs = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        # Postgres refuses root.
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.home = folder / "postgres"
        self.home.mkdir(mode=0o700)
        self.data = self.home / "data"
        (self.home / "password").write_text(self.password)
        for name in ("server.pem", "server.key"):
            (self.home / name).write_bytes((folder / name).read_bytes())
            (self.home / name).chmod(0o600)
        if os.geteuid() == 0:
            for path in [self.home, *self.home.iterdir()]:
                os.chown(path, pwd.getpwnam(self.user).pw_uid, -1)
        self.port = free_port()
        self._run("initdb", "-D", self.data, "-U", "automata", "--auth=scram-sha-256", "--no-sync",
                  f"--pwfile={self.home}/password")
        self._start()

    def _run(self, program, *arguments):
        command = [self.programs / program, *arguments]
        subprocess.run(command, check=True, user=self.user, cwd="/", env={"LC_ALL": "C.UTF-8"},
                       stdout=subprocess.DEVNULL)

    def _start(self):
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.home, "ssl": "on",
            "ssl_cert_file": self.home / "server.pem", "ssl_key_file": self.home / "server.key",
        }
        (self.home / "hba").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        (self.home / "hba").chmod(0o644)
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.home / "log", "start",
                  "-o", f"{options} -c hba_file={self.home}/hba")

    def close(self):
        self._run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
