import Foundations

/// Puts the pieces of tool calls together. A pure value.
///
/// Providers number calls, name them by id, or only send them in order; ids are missing, late, or new in each piece; all
/// calls may have the number 0; and names come in pieces or again with each piece. ``place(of:)`` is the rule that
/// tells a piece of a call from a call of its own, for one that keeps to the standard and for all those.
struct CallAssembly {
    struct Call {
        var index: Int?
        var id = ""
        var name = ""
        var arguments = ""
        var extras = Extras()
        fileprivate var extent = JSONExtent()
        /// Whether pieces came with different ids.
        fileprivate var hasChangingID = false
        /// A piece that names the call again, without arguments, when it was whole: if arguments follow, another call
        /// began with it.
        fileprivate var repetition: CallPiece?

        var isBlank: Bool { arguments.utf8.allSatisfy { $0 <= 0x20 } }

        /// The arguments, never an empty text. Some servers begin with an empty object and go on with the one meant.
        var wholeArguments: String {
            guard !isBlank else { return "{}" }
            let rest = arguments.hasPrefix("{}") ? arguments.dropFirst(2).drop { $0.isWhitespace } : ""
            return rest.first == "{" ? String(rest) : arguments
        }
    }

    /// More are not kept: no reply of use has as many, and each is answered.
    static let maximumCalls = 256

    private(set) var calls: [Call] = []
    private var hasDroppedCall = false
    private let offered: Set<String>

    /// - Parameter offered: The names of the tools that the model was offered.
    init(offered: Set<String> = []) { self.offered = offered }

    /// Takes a piece of a streamed message.
    mutating func add(_ piece: CallPiece) {
        // Pieces need not say which call they continue: they may be of the one that was dropped.
        guard !hasDroppedCall else { return }
        switch place(of: piece) {
        case .next: begin(piece)
        case .of(let index): calls[index].extend(by: piece, named: name(calls[index], piece))
        case .repeats(let index): calls[index].repetition = piece
        case .nothing(let index): calls[index].extras.replace(by: piece.extras)
        case .afterRepetition(let index): beginAgain(index, piece)
        }
    }

    private mutating func begin(_ piece: CallPiece) {
        guard calls.count < Self.maximumCalls else { return hasDroppedCall = true }
        var call = Call(index: piece.index)
        call.extend(by: piece, named: piece.name)
        calls.append(call)
    }

    private mutating func beginAgain(_ index: Int, _ piece: CallPiece) {
        guard let head = calls[index].repetition else { return }
        calls[index].repetition = nil
        begin(head)
        if !hasDroppedCall { calls[calls.count - 1].extend(by: piece, named: head.name) }
    }

    /// Takes the calls of a whole message. After pieces it adds only what they lacked: it repeats them.
    mutating func fill(by whole: [CallPiece]) {
        let known = calls.count
        for (position, piece) in whole.enumerated() {
            if let place = calls[..<known].firstIndex(where: { $0.id == piece.id }) {
                calls[place].fill(by: piece)
            } else if position < known {
                calls[position].fill(by: piece)
            } else {
                begin(piece)
            }
        }
    }

    /// Takes the calls of one more whole message where there are no pieces: it has all calls so far, or pieces of them.
    mutating func add(again whole: [CallPiece]) {
        let repeats =
            whole.count >= calls.count
            && zip(calls, whole).allSatisfy { $0.name == $1.name && $1.arguments.hasPrefix($0.arguments) }
        if repeats {
            calls = []
            fill(by: whole)
        } else {
            for piece in whole { add(piece) }
        }
    }

    /// Joins characters that were cut in two, see ``HalfSurrogate``.
    mutating func joinHalves() {
        for index in calls.indices {
            calls[index].arguments = HalfSurrogate.joined(calls[index].arguments)
            calls[index].name = HalfSurrogate.joined(calls[index].name)
            calls[index].extras.joinHalves()
        }
    }
}

extension CallAssembly.Call {
    fileprivate mutating func extend(by piece: CallPiece, named name: String) {
        index = index ?? piece.index
        if let other = piece.id, !id.isEmpty, other != id { hasChangingID = true }
        if id.isEmpty { id = piece.id ?? "" }
        self.name = name
        arguments += piece.arguments
        for byte in piece.arguments.utf8 { extent.take(byte) }
        extras.add(piece.extras)
    }

    /// Whether a piece without a name is all of the arguments again: an object cannot go on with itself.
    fileprivate func isRepeatedAlone(by piece: CallPiece) -> Bool {
        repetition == nil && extent.isComplete && arguments.utf8.first == UInt8(ascii: "{")
            && piece.arguments == arguments
    }

    fileprivate mutating func fill(by piece: CallPiece) {
        if id.isEmpty { id = piece.id ?? "" }
        if name.isEmpty { name = piece.name }
        if isBlank { arguments = piece.arguments }
        extras.replace(by: piece.extras)
    }
}

// MARK: The rule

extension CallAssembly {
    enum Place: Equatable {
        /// It begins a call.
        case next
        /// It continues a call.
        case of(Int)
        /// It names a whole call again, without arguments: perhaps the head of another.
        case repeats(Int)
        /// It repeats a call.
        case nothing(Int)
        /// It has the arguments of the call that began with the repetition.
        case afterRepetition(Int)
    }

    /// Where a piece belongs.
    ///
    /// 0. A whole call that comes again, and has no other number or id, is the same call.
    /// 1. The call in question is that of its number (of several, that of its id, else the last), or of its id where it
    ///    has no number, or else the last. A new number begins a call, unless the piece has no name and its id is known.
    /// 2. A piece without a name continues that call, whatever its id; but the whole arguments again are nothing new.
    /// 3. A piece with a name continues a call that has none, and one whose arguments are not whole if it has the same
    ///    name or id. Before the arguments, the name may be continued, too, see ``continuesName(_:_:)``.
    /// 4. Any other piece with a name begins a call.
    func place(of piece: CallPiece) -> Place {
        if let repeated = calls.firstIndex(where: { isRepeated($0, by: piece) }) { return .nothing(repeated) }
        guard let known = candidate(for: piece) else { return .next }
        let call = calls[known]
        let blankPiece = piece.arguments.utf8.allSatisfy { $0 <= 0x20 }
        guard !piece.name.isEmpty, !call.name.isEmpty else {
            if call.isRepeatedAlone(by: piece) { return .nothing(known) }
            return call.repetition != nil && !blankPiece ? .afterRepetition(known) : .of(known)
        }
        let hasOtherID = piece.id != nil && !call.id.isEmpty && piece.id != call.id
        let hasSameID = piece.id != nil && piece.id == call.id
        if call.isBlank { return continuesName(call, piece) ? .of(known) : .next }
        guard call.extent.isComplete else {
            let isOther = hasOtherID && piece.index == nil && piece.arguments.utf8.first == UInt8(ascii: "{")
            return hasSameID || piece.name == call.name && !isOther ? .of(known) : .next
        }
        if hasSameID { return placeOfRepeatedID(piece, known, blankPiece) }
        guard piece.name == call.name, blankPiece, !hasOtherID || call.hasChangingID else { return .next }
        return .repeats(known)
    }

    private func isRepeated(_ call: Call, by piece: CallPiece) -> Bool {
        guard !piece.name.isEmpty, piece.name == call.name, piece.index == call.index, call.extent.isComplete,
            piece.id == nil || call.id.isEmpty || piece.id == call.id
        else { return false }
        if piece.arguments == call.arguments { return true }
        // So much shorter is no other way to write the same.
        guard piece.arguments.utf8.count > call.arguments.utf8.count / 8,
            let value = try? JSONValue(parsing: piece.arguments)
        else { return false }
        return value == (try? JSONValue(parsing: call.arguments))
    }

    /// A whole call's id came again: its name is repeated, or the provider gives all its calls one id.
    private func placeOfRepeatedID(_ piece: CallPiece, _ known: Int, _ blankPiece: Bool) -> Place {
        guard !blankPiece else { return .nothing(known) }
        let isOther = piece.arguments.utf8.first == UInt8(ascii: "{") && calls[known].arguments != "{}"
        return isOther ? .next : .of(known)
    }

    private func candidate(for piece: CallPiece) -> Int? {
        let byID = piece.id.flatMap { id in calls.lastIndex { $0.id == id } }
        guard let index = piece.index else { return byID ?? calls.indices.last }
        if let byID, calls[byID].index == index { return byID }
        if let byIndex = calls.lastIndex(where: { $0.index == index }) { return byIndex }
        if let last = calls.last, last.index == nil { return calls.count - 1 }
        return piece.name.isEmpty ? byID : nil
    }

    /// Whether a piece's name, before any argument, is of the call that has begun: it may be the rest of its name, all
    /// of it again, or another call's.
    private func continuesName(_ call: Call, _ piece: CallPiece) -> Bool {
        if isOffered(call.name + piece.name) { return true }
        let isSameName = piece.name == call.name
        if let id = piece.id, !call.id.isEmpty { return id == call.id || isSameName && piece.index != nil }
        if isSameName { return true }
        if offered.contains(call.name), offered.contains(piece.name) { return false }
        return piece.index != nil || piece.name.hasPrefix(call.name)
    }

    /// The name of `call` after `piece`.
    private func name(_ call: Call, _ piece: CallPiece) -> String {
        guard call.isBlank, !piece.name.isEmpty else { return call.name.isEmpty ? piece.name : call.name }
        let joined = call.name + piece.name
        if isOffered(joined) { return joined }
        let isWhole = piece.name == call.name || offered.contains(piece.name) && piece.name.hasPrefix(call.name)
        return isWhole ? piece.name : String(joined.prefix(bytes: CallPiece.maximumNameBytes))
    }

    /// Whether a tool's name is, or begins with, `name`.
    private func isOffered(_ name: String) -> Bool { offered.contains { $0.hasPrefix(name) } }
}
