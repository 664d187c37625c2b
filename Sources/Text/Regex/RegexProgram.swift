internal import DSXCore

/// A regular expression as instructions for `RegexMachine`.
struct RegexProgram: Sendable {
  enum Instruction: Sendable {
    /// Reads one code point of a set.
    case set(Int)
    /// Reads code points of a set one after the other.
    case loop(Int, minimum: Int, maximum: Int, RegexRepeat)
    /// Tries the first place, then the second.
    case branch(Int, RegexFirst, Int, RegexFirst)
    case jump(Int)
    /// Matches the instructions from the next on up to their `end`; then goes on at `next`.
    case look(next: Int, negative: Bool)
    case lookBehind(Int, negative: Bool)
    case atomic(next: Int)
    case anchor(RegexAnchor)
    /// The end of the whole, of a look-ahead or of an atomic group.
    case end
  }

  private(set) var code: [Instruction] = []
  private(set) var sets: [ScalarSet] = []
  /// What a match can begin with.
  let first: RegexFirst

  static let sizeLimit = 20_000

  init(_ node: RegexNode) throws(DSXError) {
    first = node.canBeEmpty ? .any : node.first
    try add(node)
    try emit(.end)
  }

  private mutating func emit(_ instruction: Instruction) throws(DSXError) {
    guard code.count < Self.sizeLimit else {
      throw DSXError(.unsupported, "the regular expression is too large for dsx")
    }
    code.append(instruction)
  }

  private mutating func place(_ set: ScalarSet) -> Int {
    sets.append(set)
    return sets.count - 1
  }

  private mutating func add(_ node: RegexNode) throws(DSXError) {
    switch node {
    case .empty: break
    case .set(let set): try emit(.set(place(set)))
    case .sequence(let parts): for part in parts { try add(part) }
    case .alternation(let parts): try add(alternatives: parts[...])
    case .repeated(.set(let set), let minimum, let maximum, let kind):
      try emit(.loop(place(set), minimum: minimum, maximum: maximum, kind))
    case .repeated(let part, let minimum, let maximum, let kind):
      try add(part, minimum, maximum, kind)
    case .look(.set(let set), behind: true, let negative):
      try emit(.lookBehind(place(set), negative: negative))
    case .look(let part, _, let negative):
      let start = code.count
      try emit(.look(next: 0, negative: negative))
      try add(part)
      try emit(.end)
      code[start] = .look(next: code.count, negative: negative)
    case .atomic(let part): try add(atomic: part)
    case .anchor(let anchor): try emit(.anchor(anchor))
    }
  }

  private mutating func add(atomic part: RegexNode) throws(DSXError) {
    let start = code.count
    try emit(.atomic(next: 0))
    try add(part)
    try emit(.end)
    code[start] = .atomic(next: code.count)
  }

  private mutating func add(alternatives parts: ArraySlice<RegexNode>) throws(DSXError) {
    guard let head = parts.first else { return }
    let rest = parts.dropFirst()
    guard !rest.isEmpty else { return try add(head) }
    let start = code.count
    try emit(.end)
    try add(head)
    let leave = code.count
    try emit(.end)
    let other = RegexNode.alternation(Array(rest))
    code[start] = .branch(
      start + 1, head.canBeEmpty ? .any : head.first, code.count,
      other.canBeEmpty ? .any : other.first)
    try add(alternatives: rest)
    code[leave] = .jump(code.count)
  }

  /// A repeated group: the copies that must be there, then a loop or copies that may be there.
  private mutating func add(_ part: RegexNode, _ minimum: Int, _ maximum: Int, _ kind: RegexRepeat)
    throws(DSXError)
  {
    if kind == .possessive {
      return try add(atomic: .repeated(part, minimum: minimum, maximum: maximum, .greedy))
    }
    for _ in 0..<minimum { try add(part) }
    let first = part.canBeEmpty ? RegexFirst.any : part.first
    func branch(_ body: Int, _ out: Int) -> Instruction {
      kind == .greedy ? .branch(body, first, out, .any) : .branch(out, .any, body, first)
    }
    if maximum == .max {
      let start = code.count
      try emit(.end)
      try add(part)
      try emit(.jump(start))
      code[start] = branch(start + 1, code.count)
      return
    }
    var starts: [Int] = []
    for _ in minimum..<max(minimum, maximum) {
      starts.append(code.count)
      try emit(.end)
      try add(part)
    }
    for start in starts { code[start] = branch(start + 1, code.count) }
  }
}
