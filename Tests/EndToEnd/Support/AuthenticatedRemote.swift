import Foundation
import TestSupport

/// A Git repository behind HTTP with basic authentication: `git http-backend` in a small server.
final class AuthenticatedRemote: Sendable {
    let repository: GitRemote
    let user = "ada"
    let password: String
    private let port: Int
    private let folder: TemporaryFolder
    private let server: ServerProcess

    var url: String { "http://127.0.0.1:\(port)/remote.git" }

    init(_ repository: GitRemote, password: String) async throws {
        self.repository = repository
        self.password = password
        port = try FreePort.next()
        folder = try TemporaryFolder("git-http")
        try await repository.git(["config", "http.receivepack", "true"])
        let root = URL(filePath: repository.url).deletingLastPathComponent().path
        // The password goes by a file: the command lines of this machine are searched for it.
        server = try await ServerProcess(
            [
                "python3", try folder.write("server.py", Self.script), String(port), root,
                try folder.write("password", "\(user):\(password)"),
            ], ready: .port(port))
    }

    private static let script = #"""
        import base64, os, subprocess, sys
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        expected = "Basic " + base64.b64encode(open(sys.argv[3], "rb").read()).decode()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = self.body()
                if self.headers.get("Authorization") != expected:
                    return self.reply(401, {"WWW-Authenticate": 'Basic realm="git"'})
                path, _, query = self.path.partition("?")
                names = {"CONTENT_TYPE": "Content-Type", "HTTP_CONTENT_ENCODING": "Content-Encoding",
                         "GIT_PROTOCOL": "Git-Protocol"}
                environment = {name: self.headers.get(header) or "" for name, header in names.items()}
                environment |= {
                    "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": sys.argv[2], "GIT_HTTP_EXPORT_ALL": "1",
                    "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_USER": "user",
                    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
                result = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True)
                head, _, content = result.stdout.partition(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
                self.reply(int(headers.pop("Status", "200").split()[0]), headers, content)

            do_POST = do_GET

            def body(self):
                if self.headers.get("Transfer-Encoding") != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length") or 0))
                data = b""
                while size := int(self.rfile.readline(), 16):
                    data += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return data

            def reply(self, status, headers, body=b""):
                self.send_response(status)
                for name, value in (headers | {"Content-Length": str(len(body))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """#
}
