extension StringProtocol {
    /// Without white space and line ends at both ends.
    package var trimmed: String { trimming { $0.properties.isWhitespace } }

    /// Without the scalars that `isCut` names at both ends.
    package func trimming(_ isCut: (Unicode.Scalar) -> Bool) -> String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isCut($0) }),
            let last = scalars.lastIndex(where: { !isCut($0) })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}
