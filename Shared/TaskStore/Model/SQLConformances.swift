import Contracts
import Database

extension Stage: SQLEncodable, SQLDecodable {}
extension TaskStatus: SQLArrayElement, SQLDecodable {}
extension TerminalStatus: SQLEncodable, SQLDecodable {}
