import Foundation
import Testing

@testable import Sandbox

struct DestructiveCommandTests {
    @Test(arguments: [
        "rm -rf /", "rm -rf /*", "rm  -r -f  \"/\"", "rm -rf --no-preserve-root /", "cd x && rm -fr /usr", "rm -rf ~",
        "rm -rf $HOME/", "/bin/rm -Rf /etc/", "x=1 rm -rf /./", "true; bash -c 'rm -rf /'", "echo $(rm -rf /)",
        "find / -delete", "chmod -R 777 /", "chown -R nobody /var", "mv / /tmp/x", "rm -rf /tmp/../etc",
        ":(){ :|:& };:", "bomb() { bomb | bomb & }; bomb", "mkfs.ext4 /dev/sda1", "mkfs -t ext4 /dev/vda",
        "dd if=/dev/zero of=/dev/sda bs=1M", "cat x > /dev/nvme0n1", "echo x >/dev/vda", "wipefs -a /dev/sdb",
        "shred /dev/sda /", "mount -o remount,rw /", "sudo make install", "su -c id", "shutdown -h now", "reboot",
        "if true; then rm -rf /; fi", "ls\nrm -rf /\n", "ls | xargs rm -rf /home",
        "bash -o pipefail -c 'rm -rf /'", "bash -ec 'rm -rf /usr'",
        "bash -euo pipefail -c 'rm -rf /'", "sh -exc 'mkfs /dev/sda'", "ls | xargs -0 rm -rf /home",
    ])
    func `what destroys a host is found`(script: String) {
        #expect(DestructiveCommand.reason(in: Shell.arguments(script)) != nil)
    }

    @Test(arguments: [
        "rm -rf build", "rm -rf ./build /tmp/x", "rm -rf /tmp/*", "rm file", "make -j4 test > /dev/null 2>&1",
        "git rm -r --cached .", "echo 'no sudo here'", "find . -name '*.pyc' -delete", "chmod -R +x scripts",
        "dd if=/dev/zero of=disk.img bs=1M count=1", "mv a b", "npm init -y", "python3 -m pytest -q 2>/dev/stderr",
        "f() { echo x | grep x; }; f", "find / -name x", "rm -rf node_modules && npm ci", "cat x > /dev/shm/y",
        "rm -rf /var/lib/automata/home/work/1/build", "grep -r sudo .", "env FOO=1 make", "",
        "cat > ci.yml <<E\n- sudo make install\nE",
    ])
    func `ordinary work is not`(script: String) {
        #expect(DestructiveCommand.reason(in: Shell.arguments(script)) == nil)
    }

    @Test func `arguments of other programs are only arguments`() {
        #expect(DestructiveCommand.reason(in: ["echo", "; rm -rf /"]) == nil)
        #expect(DestructiveCommand.reason(in: ["rm", "-rf", "/"]) != nil)
        #expect(DestructiveCommand.reason(in: ["bash", "-euo", "pipefail", "-ec", "rm -rf /"]) != nil)
        #expect(DestructiveCommand.reason(in: []) == nil)
    }

    @Test func `without a sandbox they are refused in words, with one they hit the sandbox`() async throws {
        try await SandboxFixture.with(.none) { fixture in
            let outcome = try await fixture.shell("touch before; sudo true")
            #expect(outcome.exitCode == 126)
            #expect(outcome.output.hasPrefix("refused: `sudo` asks for the rights of another account"))
            #expect(!FileManager.default.fileExists(atPath: fixture.workTree + "/before"))
        }
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("rm -rf /usr; ls /usr/bin/env; touch after")
            #expect(outcome.output.contains("/usr/bin/env\n"))
            #expect(FileManager.default.fileExists(atPath: fixture.workTree + "/after"))
        }
    }
}
