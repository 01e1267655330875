import Database

extension SQL.Interpolation {
    /// Binds a value or NULL. (The compiler takes an optional without a label for a mistake.)
    mutating func appendInterpolation<Value: SQLEncodable>(nullable value: Value?) { appendInterpolation(value) }
}
