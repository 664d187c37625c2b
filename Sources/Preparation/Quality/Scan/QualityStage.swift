public import DSXCore

/// The quality stage of one preparation: its options with everything loaded that they name.
///
/// Shared between threads; each worker takes a scan of its own from `makeScan`.
public struct QualityStage: Sendable {
  /// What it was made from.
  public let options: QualityOptions

  /// Loads the evaluation sets. Throws `usage` for options that cannot be kept, `io` and `malformed`
  /// for their files.
  public init(_ options: QualityOptions) throws(DSXError) {
    self.options = options
  }

  /// For the plan: the options, and the hashes of the evaluation sets.
  public var json: JSONValue { options.json }

  /// The first 32 digits of the SHA-256 of `json`: scan files carry it.
  public var identity: String { String(SHA256.hex(json.text()).prefix(32)) }

  /// A scan for one worker.
  public func makeScan() -> QualityScan { QualityScan(self) }

  /// What a reason means, as members for a JSON line: reason, value, limit, the evaluation item.
  public func describe(_ reason: DropReason) -> [JSONValue.Member] {
    [.init("reason", .string(reason.rule.name))]
  }
}
