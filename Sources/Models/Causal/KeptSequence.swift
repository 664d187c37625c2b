/// A sequence of a session: the runs that hold its keys and values, and the logits of its next id.
final class KeptSequence {
  typealias Logits = [Float]

  /// The first `count` tokens of a run.
  struct Part {
    var run: KeyValueRun
    var count: Int
  }

  private var parts: [Part]
  var logits: Logits
  private(set) var length: Int

  init(parts: [Part], logits: Logits) {
    self.parts = parts
    self.logits = logits
    length = parts.reduce(0) { $0 + $1.count }
  }

  /// The same tokens, in the same runs.
  func copy() -> KeptSequence { KeptSequence(parts: parts, logits: logits) }

  /// What the next row sees.
  var spans: [KeySpan] { parts.map { $0.run.span($0.count) } }

  /// Tokens that its runs have room for.
  var capacity: Int { parts.reduce(0) { $0 + $1.run.capacity } }

  /// Makes room for one more token and counts it: in the last run where that is this sequence's own,
  /// in a copy of it where another sequence has it too and it is small, else in a new one.
  ///
  /// `makeRun` makes a run of a capacity, with the tokens of a part.
  func grow(_ makeRun: (Int, Part?) -> KeyValueRun) -> (run: KeyValueRun, token: Int) {
    let page = CausalSession.pageTokens
    length += 1
    let last = parts.count - 1
    if last >= 0, parts[last].run.capacity == page, parts[last].count < page {
      if !isKnownUniquelyReferenced(&parts[last].run) {
        parts[last].run = makeRun(page, parts[last])
      }
      parts[last].count += 1
    } else {
      parts.append(Part(run: makeRun(page, nil), count: 1))
    }
    let part = parts[parts.count - 1]
    return (part.run, part.count - 1)
  }
}
