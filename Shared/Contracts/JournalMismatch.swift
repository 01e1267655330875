/// What was recorded does not follow from what this program would do: another version of it began. No result of it may
/// be taken; the run begins afresh, with the work that was kept.
package struct JournalMismatch: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
