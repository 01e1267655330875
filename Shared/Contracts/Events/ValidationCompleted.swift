import Foundations

/// Validation ended. The details are its result.
package struct ValidationCompleted: EventDetails {
    package static let type = EventType.validationCompleted

    package var result: ValidationResult

    package init(result: ValidationResult) { self.result = result }

    package init(from decoder: any Decoder) throws { result = try ValidationResult(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try result.encode(to: encoder) }

    package var message: String {
        result.success
            ? "Validation passed" : "Validation failed: \(result.issues.first?.line(200) ?? "no reason given")"
    }
}
