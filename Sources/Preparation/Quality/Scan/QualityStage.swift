public import DSXCore

/// The quality stage of one preparation: its options with everything loaded that they name.
///
/// Shared between threads; each worker takes a scan of its own from `makeScan`.
public struct QualityStage: Sendable {
  /// What it was made from.
  public let options: QualityOptions
  let evaluation: EvaluationIndex?

  /// Loads the evaluation sets. Throws `usage` for options that cannot be kept, `io` and `malformed`
  /// for their files.
  public init(_ options: QualityOptions) throws(DSXError) {
    try options.check()
    self.options = options
    evaluation =
      options.evaluationSets.isEmpty
      ? nil
      : try EvaluationIndex(
        paths: options.evaluationSets, words: options.contaminationWords)
  }

  /// For the plan: the options, and the hashes of the evaluation sets.
  public var json: JSONValue {
    guard let evaluation, case .object(var members) = options.json else { return options.json }
    members.removeAll { $0.name == "decontamination" }
    members.append(.init("decontamination", evaluation.json))
    return .object(members)
  }

  /// The first 32 digits of the SHA-256 of `json`: scan files carry it.
  public var identity: String { String(SHA256.hex(json.text()).prefix(32)) }

  /// A scan for one worker.
  public func makeScan() -> QualityScan { QualityScan(self) }

  /// What a reason means, as members for a JSON line: `reason`, and where they mean anything `value`,
  /// `limit`, and `item`, the evaluation item as `file:line`.
  public func describe(_ reason: DropReason) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [.init("reason", .string(reason.rule.name))]
    switch reason.rule {
    case .exactDuplicate: break
    case .nearDuplicate:
      if let limit = options.minHash?.verify {
        members.append(.init("value", .double(reason.value)))
        members.append(.init("limit", .double(limit)))
      }
    case .contamination:
      members.append(.init("value", .int(Int64(reason.value))))
      if let evaluation {
        members.append(.init("item", .string(evaluation.name(of: reason.item))))
      }
    default:
      members.append(.init("value", .double(reason.value)))
      if let limit = options.limits[reason.rule] { members.append(.init("limit", .double(limit))) }
    }
    return members
  }
}
