import Testing

@testable import Setup

@Suite struct LockFileTests {
    private func command(_ path: String, _ content: String) -> String? {
        LockFile.row(of: path)?.command(for: path, holding: Array(content.utf8))
    }

    @Test(arguments: [
        "package-lock.json", "web/package-lock.json", "pnpm-lock.yaml", "yarn.lock", "requirements.txt",
        "requirements-dev.txt", "uv.lock", "Cargo.lock", "go.sum", "composer.lock",
    ])
    func `what a lock file names is installed without running it`(path: String) throws {
        #expect(command(path, "")?.isEmpty == false)
        #expect(LockFile.counts(path))
    }

    @Test(arguments: [
        "Gemfile.lock", "poetry.lock", "mix.lock", "Package.resolved", "gradle.lockfile", "bun.lock", "Pipfile.lock",
    ])
    func `where the installer runs what it installs there is no command`(path: String) {
        #expect(LockFile.row(of: path) != nil)
        #expect(command(path, "") == nil)
    }

    @Test(arguments: [
        "package.json", "app.py", "lock", "node_modules/x/package-lock.json", "tests/fixtures/yarn.lock", "xyarn.lock",
        "vendor/go.sum",
    ])
    func `other files are no lock files`(path: String) {
        #expect(LockFile.row(of: path) == nil)
    }

    @Test func `the command runs in the folder of the file, whatever its name`() {
        #expect(command("go.sum", "") == "GOTOOLCHAIN=local GOVCS='*:off' GOFLAGS=-mod=mod go mod download")
        #expect(command("a b/it's/Cargo.lock", "") == "cd './a b/it'\\''s' && { cargo fetch --locked; }")
        #expect(command("-x/requirements.txt", "")?.hasPrefix("cd './-x' && {") == true)
        #expect(command("requirements;x.txt", "")?.hasSuffix("-r './requirements;x.txt'") == true)
    }

    @Test(arguments: [
        "a==1\nb>=2,<3 # why\n\n# all\n", "A.b_c-d[x,y] ~= 1.0\r\nq==1; python_version < '3.8'\n",
        "a==1 \\\n    --hash=sha256:0123abcd \\\n    --hash=sha256:ff\n", "requests\n", "",
    ])
    func `requirements by name and version are plain`(text: String) {
        #expect(command("requirements.txt", text) != nil)
    }

    @Test(arguments: [
        "-e .", "./local", "git+https://github.com/a/b", "a @ https://x/a.tar.gz", "https://x/a.whl", "-r other.txt",
        "--no-binary :all:", "--index-url https://x", "a==1 --no-binary=a", "a==1\n  --global-option=x", "../x",
        "a==1; x --no-binary=a", "-c c.txt", "a==1 \\\n--install-option=x", "file:x", "a==1\u{0B}-e .",
        "a==1\u{2028}-e .",
        "a.tar.gz/", "/etc/x", "${HOME}/x",
    ])
    func `requirements that could be built, or say more, are not`(text: String) {
        #expect(command("requirements.txt", text) == nil)
    }

    @Test(arguments: ["git+ssh://git@github.com/a/b.git#c", "github:a/b", "https://x/a.git#0123"])
    func `packages of repositories are not plain`(source: String) {
        #expect(command("package-lock.json", "{\"resolved\": \"\(source)\"}") == nil)
        #expect(command("yarn.lock", "resolved \"\(source)\"") == nil)
        #expect(command("pnpm-lock.yaml", "    tarball: \(source)") == nil)
    }

    @Test func `a lock file is read with what stands beside or below it`() throws {
        let row = try #require(LockFile.row(of: "web/package-lock.json"))
        #expect(row.accompanies("web/package.json", of: "web/package-lock.json"))
        #expect(row.accompanies("web/packages/a/package.json", of: "web/package-lock.json"))
        #expect(!row.accompanies("package.json", of: "web/package-lock.json"))
        #expect(!row.accompanies("web/index.js", of: "web/package-lock.json"))
        #expect(!row.accompanies("web/node_modules/a/package.json", of: "web/package-lock.json"))
    }

    @Test func `what makes two setups the same is more than lock files`() {
        for path in ["package.json", "setup.py", ".npmrc", "a/pom.xml", "x.gemspec", "requirements-dev.txt"] {
            #expect(LockFile.counts(path))
        }
        for path in ["main.py", "README.md", "node_modules/package.json"] { #expect(!LockFile.counts(path)) }
    }

    @Test func `a long line costs no time`() {
        let text = String(repeating: "a==1,", count: 1500) + "!"
        let duration = ContinuousClock().measure { #expect(command("requirements.txt", text) == nil) }
        #expect(duration < .seconds(10))
    }
}
