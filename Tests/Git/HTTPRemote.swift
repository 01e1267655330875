import Foundation
import TestSupport

/// A Git repository behind HTTP with basic authentication: `git http-backend` in a small server.
final class HTTPRemote: Sendable {
    let repository: GitRemote
    let port: Int
    private let folder: TemporaryFolder
    private let server: ServerProcess

    static let user = "ada"
    static let password = "p@ss:w0rd-très"

    var url: String { "http://127.0.0.1:\(port)/remote.git" }

    init(_ repository: GitRemote) async throws {
        self.repository = repository
        port = try FreePort.next()
        folder = try TemporaryFolder("git-http")
        try await repository.git(["config", "http.receivepack", "true"])
        let script = try folder.write("server.py", Self.script)
        let root = URL(filePath: repository.url).deletingLastPathComponent().path
        server = try await ServerProcess(
            ["python3", script, String(port), root, Self.user, Self.password], ready: .port(port))
    }

    /// The lines `method path authorized` of all requests so far.
    var requests: [String] { server.output.elements }

    private static let script = #"""
        import base64, os, subprocess, sys
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        port, root, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
        expected = "Basic " + base64.b64encode((user + ":" + password).encode()).decode()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                authorized = self.headers.get("Authorization") == expected
                print(self.command, self.path, authorized, flush=True)
                if self.path.startswith("/moved/"):
                    return self.reply(301, {"Location": self.path.replace("/moved/", "/remote.git/")})
                if self.path.startswith("/remote/"):
                    return self.reply(301, {"Location": self.path.replace("/remote/", "/remote.git/")})
                for status in (301, 302, 307, 308):
                    if self.path.startswith(f"/moved{status}/"):
                        place = self.path.replace(f"/moved{status}/", "/")
                        return self.reply(status, {"Location": f"https://eve:pw@new.example{place}"})
                if self.path.startswith("/login/"):
                    return self.reply(302, {"Location": "/users/sign_in?next=" + self.path})
                if self.path.startswith("/archived/") and "git-receive-pack" in self.path:
                    words = b"This repository was archived so it is read-only."
                    return self.reply(403, {"Content-Type": "text/plain"}, words)
                if self.path.startswith("/broken"):
                    return self.reply(503, {})
                if self.path.startswith("/forbidden"):
                    return self.reply(403, {})
                if not authorized:
                    return self.reply(401, {"WWW-Authenticate": 'Basic realm="git"'})
                self.backend()

            def reply(self, status, headers, body=b""):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def body(self):
                if self.headers.get("Transfer-Encoding") == "chunked":
                    data = b""
                    while True:
                        size = int(self.rfile.readline().strip(), 16)
                        data += self.rfile.read(size)
                        self.rfile.readline()
                        if size == 0:
                            return data
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))

            def backend(self):
                path, _, query = self.path.partition("?")
                body = self.body()
                if path.startswith("/whole/") and path.endswith("/git-receive-pack") and b"shallow " in body[:4096]:
                    return self.reply(500, {})
                path = path.replace("/whole/", "/").replace("/archived/", "/")
                environment = {
                    "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": root, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
                    "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_USER": user,
                    "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": self.headers.get("Content-Type") or "",
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding") or "",
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol") or "",
                    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
                }
                result = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True)
                head, _, content = result.stdout.partition(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
                status = int(headers.pop("Status", "200").split()[0])
                self.reply(status, headers, content)

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
        """#
}
