import Database
import Foundations
import Testing

@Suite struct SQLTests {
    @Test func `values become numbered parameters`() {
        let sql: SQL = "select * from task where id = \(7) and name = \("x")"
        #expect(sql.text == "select * from task where id = $1 and name = $2")
    }

    @Test func `a spliced statement is renumbered`() {
        let condition: SQL = "b = \(2) or c = \(3)"
        let sql: SQL = "select \(1) where \(condition) and d = \(4)"
        #expect(sql.text == "select $1 where b = $2 or c = $3 and d = $4")
        #expect((condition + " and e = \(5)").text == "b = $1 or c = $2 and e = $3")
    }

    @Test func `rows of values are listed`() {
        let rows = [(1, "a"), (2, "b")]
        let sql: SQL = "insert into t values \(SQL.list(rows.map { "(\($0.0), \($0.1))" }))"
        #expect(sql.text == "insert into t values ($1, $2), ($3, $4)")
        #expect(SQL.list([]).text == "")
    }

    @Test func `names are quoted`() {
        let name = #"a"; drop table t; --"#
        let sql: SQL = "select * from \(identifier: name)"
        #expect(sql.text == #"select * from "a""; drop table t; --""#)
    }

    @Test func `literals go in as they are`() {
        let sql: SQL = "select 1 \(raw: "for update") limit \(1)"
        #expect(sql.text == "select 1 for update limit $1")
    }
}
