internal import DSXCore

/// The hidden Markov model of `jieba.finalseg`: states in letter order B, E, M, S = 0, 1, 2, 3.
struct HMMTables {
  /// The names of the states in their order.
  static let states = ["B", "E", "M", "S"]
  /// jieba's log-probability of what its tables do not hold.
  static let missing = -3.14e100
  /// The first and the last character that jieba gives to the model.
  static let scalars: ClosedRange<Int> = 0x4e00...0x9fd5

  /// Whether the model is asked about a character.
  static func contains(_ scalar: Unicode.Scalar) -> Bool { scalars.contains(Int(scalar.value)) }

  /// Log-probability of each state at the start.
  var start = [Double](repeating: HMMTables.missing, count: 4)
  /// `transition[from * 4 + to]`.
  var transition = [Double](repeating: HMMTables.missing, count: 16)
  /// `emission[(scalar - U+4E00) * 4 + state]`.
  var emission = [Double](repeating: HMMTables.missing, count: HMMTables.scalars.count * 4)

  /// Reads prob_start.json, prob_trans.json and prob_emit.json.
  init(start: JSONValue, transition: JSONValue, emission: JSONValue) throws(DSXError) {
    for (index, state) in Self.states.enumerated() {
      guard let value = start[state]?.double else {
        throw DSXError(.malformed, "prob_start has no number for state \(state)")
      }
      self.start[index] = value
      guard let row = transition[state]?.object, let emitted = emission[state]?.object else {
        throw DSXError(.malformed, "prob_trans or prob_emit has no state \(state)")
      }
      for member in row {
        guard let next = Self.states.firstIndex(of: member.name), let value = member.value.double
        else { throw DSXError(.malformed, "prob_trans: bad entry '\(member.name)' of \(state)") }
        self.transition[index * 4 + next] = value
      }
      for member in emitted {
        guard let scalar = member.name.unicodeScalars.first, let value = member.value.double else {
          throw DSXError(.malformed, "prob_emit: bad entry '\(member.name)' of \(state)")
        }
        guard Self.scalars.contains(Int(scalar.value)) else { continue }
        self.emission[(Int(scalar.value) - Self.scalars.lowerBound) * 4 + index] = value
      }
    }
  }
}
