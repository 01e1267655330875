/// What interpreters run to read files of their own language and of formats of data. Each ends with a code of
/// ``SyntaxVerdict`` and tells the place of what it does not understand.
enum SyntaxPrograms {
    /// Behind a text that defines `check` and `FAULT`: an empty file is nobody's error, and what is no error of syntax
    /// (an unknown encoding, a depth that no program reads) tells nothing.
    static let pythonLoop = #"""
        import traceback
        status = 0
        for path in sys.argv[1:]:
            try:
                with open(path, "rb") as file:
                    data = file.read()
                if data.strip():
                    check(path[2:], data)
            except FAULT as error:
                if status == 0:
                    status = 1
                print(path[2:] + ": " + "".join(traceback.format_exception_only(type(error), error)).strip())
            except Exception as error:
                status = 3
                print("%s: not checked: %s" % (path[2:], type(error).__name__))
        sys.exit(status)
        """#

    /// Nothing of the file is run. A project may be of a newer Python than the one that reads it.
    static let python = #"""
        import re, sys
        FAULT = SyntaxError
        def is_newer():
            for name in ("pyproject.toml", "setup.cfg", "setup.py", ".python-version"):
                try:
                    with open(name, encoding="utf-8", errors="replace") as file:
                        text = file.read(1 << 20)
                except OSError:
                    continue
                form = r"^\s*3\.(\d+)" if name == ".python-version" else \
                    r"(?m)^\s*(?:requires-python|python_requires|python)\s*=\W*3\.(\d+)"
                if any(int(minor) > sys.version_info.minor for minor in re.findall(form, text)):
                    return True
            return False
        def check(path, data):
            try:
                compile(data, path, "exec", dont_inherit=True)
            except SyntaxError:
                if is_newer():
                    raise LookupError("a newer Python")
                raise
        """#

    /// Several values one behind the other are one for each line of a log. Comments and commas at an end are taken
    /// where tools take them: in their own files.
    static let json = #"""
        import json, re, sys
        FAULT = json.JSONDecodeError
        LENIENT = re.compile(
            r"(^|/)\.|\.jsonc$|(^|/)(tsconfig|jsconfig)[^/]*$|(config|rc)\.json$"
            r"|(^|/)(deno|angular|nx|turbo|biome|wrangler|renovate|rush|lerna|api-extractor)\.json$")
        def check(path, data):
            text = data.decode(json.detect_encoding(data)).lstrip("\ufeff")
            if LENIENT.search(path):
                keep = lambda match: match.group(1) or " "
                text = re.sub(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', keep, text, flags=re.S)
                text = re.sub(r'("(?:\\.|[^"\\\n])*")|,(?=\s*[\]}])', keep, text)
            text = text.strip()
            decoder, index = json.JSONDecoder(), 0
            while index < len(text):
                _, index = decoder.raw_decode(text, index)
                while index < len(text) and text[index].isspace():
                    index += 1
        """#

    /// Its words alone, without what tags make of them.
    static let yaml = #"""
        import sys
        try:
            import yaml
        except ImportError:
            sys.exit(127)
        FAULT = yaml.YAMLError
        def check(path, data):
            for _ in yaml.parse(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                pass
        """#

    static let toml = #"""
        import sys
        try:
            import tomllib
        except ImportError:
            sys.exit(127)
        FAULT = tomllib.TOMLDecodeError
        def check(path, data):
            tomllib.loads(data.decode("utf-8"))
        """#

    static let xml = #"""
        import sys
        from xml.parsers import expat
        FAULT = expat.ExpatError
        def check(path, data):
            try:
                expat.ParserCreate().Parse(data, True)
            except expat.ExpatError as error:
                if error.code == 18:
                    raise LookupError(error)
                raise
        """#

    /// A `.js` file may be of either kind, so it is an error only where both readings fail; and what a build would
    /// translate first (JSX, Flow, decorators, templates) is none.
    static let javaScript = #"""
        const fs = require("fs"), vm = require("vm");
        const names = ["exports", "require", "module", "__filename", "__dirname"];
        let status = 0;
        for (const path of process.argv.slice(1)) {
            const text = fs.readFileSync(path, "utf8").replace(/^\uFEFF/, "").replace(/^#!.*/, "");
            const readings = [];
            if (!path.endsWith(".mjs")) readings.push(() => vm.compileFunction(text, names, { filename: path }));
            if (!path.endsWith(".cjs")) readings.push(() => new vm.SourceTextModule(text, { identifier: path }));
            const errors = [];
            const isRead = readings.some((read) => {
                try { read(); return true; } catch (error) { errors.push(error); return false; }
            });
            if (isRead) continue;
            if (errors.some((error) => error.name !== "SyntaxError")
                || /<\/|\/>|@flow|^\s*@\w|\{%|<%/m.test(text)) {
                status = 3;
                console.log(`${path.slice(2)}: not checked`);
                continue;
            }
            if (status === 0) status = 1;
            const error = /^\s*(import|export)\b/m.test(text) ? errors[errors.length - 1] : errors[0];
            console.log(`${path.slice(2)}: ${String(error.stack).split("\n").slice(0, 5).join("\n")}`);
        }
        process.exitCode = status;
        """#
}
