extension String {
    /// The beginning of at most `limit` bytes of UTF-8; no scalar is cut in two.
    package func prefix(bytes limit: Int) -> Substring { self[..<scalarStart(atOrBefore: limit)] }

    /// The end of at most `limit` bytes of UTF-8; no scalar is cut in two.
    package func suffix(bytes limit: Int) -> Substring {
        var start = utf8.index(endIndex, offsetBy: -max(0, limit), limitedBy: startIndex) ?? startIndex
        while start.samePosition(in: unicodeScalars) == nil { start = utf8.index(after: start) }
        return self[start...]
    }

    private func scalarStart(atOrBefore offset: Int) -> Index {
        var index = utf8.index(startIndex, offsetBy: max(0, offset), limitedBy: endIndex) ?? endIndex
        while index.samePosition(in: unicodeScalars) == nil { index = utf8.index(before: index) }
        return index
    }
}

extension FixedWidthInteger {
    /// The sum, or the bound that it would go beyond.
    package func addingSaturated(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
