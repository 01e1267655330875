/// What the colours of a language need to know of it. A new language is a row of ``all``.
struct CodeLanguage: Sendable {
    /// A string that begins and ends with the same mark.
    struct Quote: Sendable {
        let mark: [UInt8]
        let spansLines: Bool
        let hasEscapes: Bool

        init(_ mark: String, spansLines: Bool = false, hasEscapes: Bool = true) {
            self.mark = Array(mark.utf8)
            self.spansLines = spansLines
            self.hasEscapes = hasEscapes
        }
    }

    let extensions: [String]
    let keywords: Set<String>
    var lineComments: [String] = ["//"]
    var blockComment: (begin: String, end: String)? = ("/*", "*/")
    /// The longer marks first.
    var quotes: [Quote] = [Quote("\""), Quote("'")]

    /// The language of a file, by its name; `nil` for one without colours.
    static func of(path: String) -> CodeLanguage? {
        let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
        let ending = name.contains(".") ? name.split(separator: ".").last.map(String.init) ?? "" : name
        return byExtension[ending]
    }

    private static let byExtension = Dictionary(
        all.flatMap { language in language.extensions.map { ($0, language) } }, uniquingKeysWith: { first, _ in first })

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    private static let shared = "if else for while do switch case break continue return true false "

    static let all: [CodeLanguage] = [
        CodeLanguage(
            extensions: ["swift"],
            keywords: words(
                shared + """
                    actor any as associatedtype async await catch class default defer deinit enum extension \
                    fallthrough fileprivate final func guard import in indirect init inout internal is lazy let \
                    mutating nil nonisolated open operator override package private protocol public repeat required \
                    rethrows self Self sending some static struct subscript super throw throws try typealias var weak \
                    where
                    """),
            quotes: [Quote("\"\"\"", spansLines: true), Quote("\"")]),
        CodeLanguage(
            extensions: ["py", "pyi"],
            keywords: words(
                """
                False None True and as assert async await break class continue def del elif else except finally for \
                from global if import in is lambda match case nonlocal not or pass raise return self try while with \
                yield
                """),
            lineComments: ["#"], blockComment: nil,
            quotes: [
                Quote("\"\"\"", spansLines: true), Quote("'''", spansLines: true), Quote("\""), Quote("'"),
            ]),
        CodeLanguage(
            extensions: ["js", "mjs", "cjs", "jsx", "ts", "tsx", "vue", "svelte"],
            keywords: words(
                shared + """
                    abstract any as async await boolean catch class const constructor debugger declare default delete \
                    enum export extends finally from function implements import in instanceof interface keyof let \
                    namespace new null number of private protected public readonly static string super this throw try \
                    type typeof undefined var void yield
                    """),
            quotes: [Quote("`", spansLines: true), Quote("\""), Quote("'")]),
        CodeLanguage(
            extensions: ["go"],
            keywords: words(
                shared + """
                    any bool byte chan const default defer error fallthrough func go goto import int interface map nil \
                    package range rune select string struct type var
                    """),
            quotes: [Quote("`", spansLines: true, hasEscapes: false), Quote("\""), Quote("'")]),
        CodeLanguage(
            extensions: ["rs"],
            keywords: words(
                shared + """
                    as async await const crate dyn enum extern fn impl in let loop match mod move mut pub ref self Self \
                    static struct super trait type unsafe use where
                    """),
            // A lone ' begins a lifetime as often as a character.
            quotes: [Quote("\"", spansLines: true)]),
        CodeLanguage(
            extensions: ["java", "kt", "kts", "scala", "groovy", "gradle", "cs", "dart"],
            keywords: words(
                shared + """
                    abstract as async await base bool boolean byte catch char class const data def default double enum \
                    extends final finally float fun implements import in instanceof int interface internal is long \
                    namespace new null object open out override package private protected public readonly record \
                    sealed short static string super suspend synchronized this throw throws try using val var virtual \
                    void volatile when where yield
                    """),
            quotes: [Quote("\"\"\"", spansLines: true), Quote("\""), Quote("'")]),
        CodeLanguage(
            extensions: ["c", "h", "cc", "cpp", "cxx", "hh", "hpp", "m", "mm", "ino"],
            keywords: words(
                shared + """
                    auto bool catch char class const constexpr default delete double enum explicit extern float friend \
                    goto inline int long namespace new noexcept nullptr operator override private protected public \
                    register restrict short signed sizeof static struct template this throw try typedef typename union \
                    unsigned using virtual void volatile
                    """)),
        CodeLanguage(
            extensions: ["rb", "rake", "gemfile", "rakefile"],
            keywords: words(
                """
                alias and begin break case class def do else elsif end ensure false for if in module next nil not or \
                redo require rescue retry return self super then true undef unless until when while yield
                """),
            lineComments: ["#"], blockComment: nil),
        CodeLanguage(
            extensions: ["php"],
            keywords: words(
                shared + """
                    abstract as catch class clone const declare default echo elseif empty extends final finally fn \
                    foreach function global implements instanceof interface isset namespace new null private protected \
                    public readonly require static this throw trait try use var yield
                    """),
            lineComments: ["//", "#"]),
        CodeLanguage(
            extensions: ["sh", "bash", "zsh", "dockerfile", "makefile", "mk"],
            keywords: words(
                """
                case do done elif else esac exit export fi for function if in local return set shift source then trap \
                until while FROM RUN COPY ADD ENV ARG WORKDIR ENTRYPOINT CMD EXPOSE USER include ifeq ifneq endif
                """),
            lineComments: ["#"], blockComment: nil),
        CodeLanguage(
            extensions: ["yaml", "yml", "toml", "ini", "conf", "cfg", "env", "properties"],
            keywords: words("true false null yes no on off"), lineComments: ["#"], blockComment: nil),
        CodeLanguage(extensions: ["json"], keywords: words("true false null"), lineComments: [], blockComment: nil),
        CodeLanguage(
            extensions: ["sql"],
            keywords: words(
                """
                add all alter and any as asc begin between by cascade case check column commit constraint create cross \
                default delete desc distinct drop else end exists foreign from full function grant group having if in \
                index inner insert into is join key left like limit not null on or order outer primary references \
                returning revoke right rollback select set table then trigger union unique update using values view \
                when where with
                """),
            lineComments: ["--"], quotes: [Quote("'", spansLines: true, hasEscapes: false)]),
        CodeLanguage(
            extensions: ["html", "htm", "xml", "svg", "plist", "mustache"], keywords: [], lineComments: [],
            blockComment: ("<!--", "-->"), quotes: [Quote("\"")]),
        CodeLanguage(
            extensions: ["css", "scss", "less"], keywords: words("important media supports import keyframes var"),
            lineComments: []),
    ]
}
