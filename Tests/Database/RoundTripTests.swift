import Database
import Foundation
import Foundations
import TestSupport
import Testing

enum Mood: String, SQLArrayElement, SQLDecodable, CaseIterable {
    case happy, sad
}

@Suite(.timeLimit(.minutes(1))) struct RoundTripTests {
    private func check<Value: SQLEncodable & SQLDecodable & Equatable>(
        _ values: [Value], _ type: SQL, on pool: ConnectionPool
    ) async throws {
        for value in values {
            let read = try await pool.value("select \(value)::\(type) as value", as: Value.self)
            #expect(read == value)
        }
    }

    @Test func `numbers and booleans`() async throws {
        try await withPool { pool in
            try await check([0, -1, Int.max, Int.min], "int8", on: pool)
            try await check([Int64.min, 42], "int8", on: pool)
            try await check(
                [0, -0.1, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity], "float8", on: pool)
            try await check([true, false], "bool", on: pool)
            #expect(try await pool.value("select \(Double.nan) as value", as: Double.self)?.isNaN == true)
            #expect(try await pool.value("select 12.50::numeric as value", as: Double.self) == 12.5)
        }
    }

    @Test(arguments: [
        "", "'", "''; drop table t; --", #"\"#, #"\x00"#, "$1", "{}", "NULL", "\r\n\t", "é e\u{301} 日本 👩‍👩‍👧‍👦 \u{202E}",
        "%s %n", "\u{1}\u{7F}",
    ])
    func `hostile texts come back as they went`(text: String) async throws {
        try await withPool { pool in
            try await check([text], "text", on: pool)
            try await check([[text, text + "\"", ",{}"]], "text[]", on: pool)
            try await check([JSONValue.object([text: .string(text)])], "jsonb", on: pool)
            let bytes = try await pool.value("select convert_to(\(text), 'UTF8') as value", as: Data.self)
            #expect(bytes == Data(text.utf8))
        }
    }

    @Test func `a megabyte of text and of bytes`() async throws {
        try await withPool { pool in
            try await check([String(repeating: "ü'\\", count: 1 << 18)], "text", on: pool)
            try await check([Data((0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0) }), Data()], "bytea", on: pool)
        }
    }

    @Test func `a NUL character is refused`() async throws {
        try await withPool { pool in
            for sql: SQL in ["select \("a\0b")", "select \(["a\0b"])", "select \(identifier: "a\0b")"] {
                let error = try await databaseError { try await pool.run(sql) }
                #expect(error?.code == .invalidParameter)
            }
            let script = try await databaseError {
                try await pool.withConnection { try $0.execute(script: "select 1\0") }
            }
            #expect(script?.code == .invalidParameter)
            #expect(try await databaseError { try await pool.run("select \(JSONValue.string("\0"))") }?.code == .other)
            try await pool.ping()
        }
    }

    @Test func `ids, enums and uuids`() async throws {
        try await withPool { pool in
            try await pool.run("create type mood as enum ('happy', 'sad')")
            try await check(Mood.allCases, "mood", on: pool)
            try await check([Mood.allCases], "mood[]", on: pool)
            try await check([UUID(), UUID.v7()], "uuid", on: pool)
            try await check([[UUID(), UUID()], []], "uuid[]", on: pool)
            try await check([[TaskID("a-1"), TaskID("_")].compactMap { $0 }], "text[]", on: pool)
            #expect(try await pool.value("select 'not an id' as value", as: String.self) == "not an id")
            #expect(
                try await databaseError { _ = try await pool.value("select 'not an id' as value", as: CompanyID.self) }?
                    .code
                    == .decoding)
        }
    }

    @Test func `dates keep their microseconds`() async throws {
        try await withPool { pool in
            let now = Date(timeIntervalSince1970: 1_795_251_600.123456)
            for date in [
                now, .distantPast, .distantFuture, Date(timeIntervalSince1970: -200_000_000_000),
                Date(timeIntervalSince1970: -0.5),
                Date(timeIntervalSince1970: 951_782_400),
            ] {
                let read = try #require(try await pool.value("select \(date) as value", as: Date.self))
                #expect(abs(read.timeIntervalSince(date)) < 0.000_001)
                #expect(try await pool.value("select \(date) = \(read) as value", as: Bool.self) == true)
            }
            let text = try await pool.value("select (\(now))::text as value", as: String.self)
            #expect(text == "2026-11-21 09:00:00.123456+00")
            #expect(
                try await databaseError { try await pool.run("select \(Date(timeIntervalSince1970: .infinity))") }?.code
                    == .invalidParameter)
            #expect(
                try await databaseError {
                    _ = try await pool.value("select 'infinity'::timestamptz as value", as: Date.self)
                }?.code == .decoding)
        }
    }

    @Test func `durations are intervals`() async throws {
        try await withPool { pool in
            for (duration, seconds) in [
                (Duration.milliseconds(1500), 1.5), (.microseconds(-1), -0.000_001), (.seconds(86_400), 86_400),
            ] {
                let read = try await pool.value("select extract(epoch from \(duration)) as value", as: Double.self)
                #expect(read == seconds)
            }
        }
    }

    @Test func `JSON keeps its values`() async throws {
        try await withPool { pool in
            let value: JSONValue = ["a": [1, 2.5, nil, true, "x"], "b": ["c": .int(.max)]]
            try await check([value, .null, .string(""), .array([])], "jsonb", on: pool)
            #expect(
                try await databaseError { try await pool.run("select \(JSONValue.double(.nan))") }?.code
                    == .invalidParameter)
        }
    }

    @Test func `arrays and NULL`() async throws {
        try await withPool { pool in
            try await check([[1, -2], []], "int8[]", on: pool)
            try await check([[1.5, .infinity]], "float8[]", on: pool)
            try await check([[true, false]], "bool[]", on: pool)
            try await check([Int?.none, 3], "int8", on: pool)
            try await check([String?.none, ""], "text", on: pool)
            #expect(
                try await pool.value("select array['a', null, 'NULL', ''] as value", as: [String?].self) == [
                    "a", nil, "NULL", "",
                ])
            for sql: SQL in [
                "select array['a', null] as value", "select '{{1},{2}}'::text[] as value", "select null as value",
                "select '{' as value",
            ] {
                let error = try await databaseError { _ = try await pool.value(sql, as: [String].self) }
                #expect(error?.code == .decoding)
            }
        }
    }

    @Test func `a column that does not fit is named`() async throws {
        try await withPool { pool in
            let wrong = try await databaseError { _ = try await pool.value("select 'secret' as value", as: Int.self) }
            #expect(wrong?.message == "column value does not hold Int")
            let missing = try await databaseError { _ = try await pool.value("select 1 as other", as: Int.self) }
            #expect(missing?.message == "there is no column value")
            let null = try await databaseError { _ = try await pool.value("select null::int as value", as: Int.self) }
            #expect(null?.message == "column value is NULL, wanted Int")
        }
    }

    @Test func `rows are counted and iterated`() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                try connection.execute("create temporary table t (n int)")
                let inserted = try connection.execute("insert into t values \(SQL.list([1, 2, 3].map { "(\($0))" }))")
                #expect(inserted.affected == 3 && inserted.isEmpty && inserted.first == nil)
                let rows = try connection.execute("select n from t order by n")
                let numbers: [Int] = try rows.map { try $0.get("n") }
                #expect(numbers == [1, 2, 3])
                #expect(rows.count == 3 && !rows.isEmpty)
            }
        }
    }

    @Test func `injection attempts stay data`() async throws {
        try await withPool { pool in
            try await pool.run("create table t (name text)")
            for attack in ["'); drop table t; --", "x' or '1'='1", "\\'; drop table t; --", "$1", "\"; drop table t"] {
                try await pool.run("insert into t values (\(attack))")
                #expect(
                    try await pool.value("select count(*) as value from t where name = \(attack)", as: Int.self) == 1)
            }
            #expect(try await pool.value("select count(*) as value from t", as: Int.self) == 5)
        }
    }
}
