import Foundation

/// Hashes that are the same in every process, unlike Swift's own.
enum Hash {
    /// The finaliser of SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A hash of bytes, to tell requests apart; it withstands no attacker.
    static func of(_ data: Data) -> UInt64 {
        var hash = UInt64(data.count)
        data.withUnsafeBytes { bytes in
            let words = bytes.count / 8
            for index in 0..<words {
                hash = mix(hash ^ bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            for index in (words * 8)..<bytes.count { hash = mix(hash ^ UInt64(bytes[index])) }
        }
        return hash
    }

    /// 16 hexadecimal digits.
    static func text(_ hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
