/// The user part of a URL, as people paste it.
enum UserName {
    /// What tokens of hosting services begin with.
    private static let beginnings = [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glcbt-", "glptt-", "ATBB", "ATCTT",
        "ATATT", "hf_", "gitea_", "sk-",
    ]
    /// No shorter token is in use, and few names are that long without a dot or a dash.
    private static let shortestToken = 20

    /// Whether it is more likely a token than a name: a long run of letters with digits among them.
    static func looksLikeToken(_ user: some StringProtocol) -> Bool {
        if beginnings.contains(where: user.hasPrefix) { return true }
        return user.utf8.split { !isLetterOrDigit($0) }.contains { run in
            run.count >= shortestToken && run.contains(where: isDigit)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
