// The larger Foundation, which offers the same in public, costs each process 8 MB.
@_spi(_Unicode) import Swift

extension String {
    /// The same text with each character as one scalar where there is one: canonical composition (UAX 15, NFC).
    package var canonicallyComposed: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
        return String(String.UnicodeScalarView(_nfc))
    }

    /// The scalars of the text with each character taken apart: canonical decomposition (UAX 15, NFD).
    package var canonicallyDecomposed: [Unicode.Scalar] { Array(_nfd) }
}
