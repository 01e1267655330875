import Contracts
import Foundations

extension NATSConfiguration {
    /// The account of the services. What others may have of it is what it exports.
    func platformAccount() throws -> [String] {
        let exports =
            BusPermissions.events(subjects, of: nil).map { "{stream: \"\($0)\"}" }
            + BusPermissions.requests(subjects, of: nil).map { "{service: \"\($0)\"}" }
        let users = try BusUser.ofPlatform.flatMap(user)
        return ["    AUTOMATA {", "        jetstream: enabled"] + list("exports", exports, indent: 8)
            + ["        users: ["] + users + ["        ]", "    }"]
    }

    func companyAccount(_ id: CompanyID) throws -> [String] {
        func imports(_ kind: String, _ subjects: [String]) -> [String] {
            subjects.map { "{\(kind): {account: AUTOMATA, subject: \"\($0)\"}}" }
        }
        let lines =
            imports("stream", BusPermissions.events(subjects, of: id))
            + imports("service", BusPermissions.requests(subjects, of: id))
        return ["    company-\(id) {"] + list("imports", lines, indent: 8) + ["        users: ["]
            + (try user(.company(id))) + ["        ]", "    }"]
    }

    private func user(_ user: BusUser) throws -> [String] {
        let permissions = user.permissions(subjects)
        let password = try password(of: user)
        // A reference stands without quotes; a password without them could be taken for a number.
        let isReference = password.hasPrefix("$")
        func verb(_ name: String, _ subjects: [String], except denied: [String] = []) -> [String] {
            ["                    \(name) {"] + list("allow", subjects.map { "\"\($0)\"" }, indent: 24)
                + (denied.isEmpty ? [] : list("deny", denied.map { "\"\($0)\"" }, indent: 24))
                + ["                    }"]
        }
        return [
            "            {", "                user: \"\(user.login)\"",
            "                password: \(isReference ? password : "\"\(password)\"")",
            "                permissions {",
        ] + verb("publish", permissions.publish, except: permissions.denied) + verb("subscribe", permissions.subscribe)
            + ["                }", "            }"]
    }

    private func list(_ name: String, _ entries: [String], indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        return ["\(margin)\(name): ["] + entries.map { "\(margin)    \($0)" } + ["\(margin)]"]
    }
}
