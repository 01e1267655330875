import Contracts
import Database

extension EventType: SQLEncodable, SQLDecodable {}
extension Stage: SQLEncodable, SQLDecodable {}
extension StepKind: SQLEncodable, SQLDecodable {}
extension TaskStatus: SQLArrayElement, SQLDecodable {}
extension TerminalStatus: SQLEncodable, SQLDecodable {}
