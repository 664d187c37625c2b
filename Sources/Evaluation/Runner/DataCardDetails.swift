internal import DSXCore

/// What a report says of the data themselves.
struct DataCardDetails {
  private let task: TaskDefinition
  private let context: Int
  private var tokens: [Double] = []
  private var labels: [String: Int] = [:]
  private var reasons: [String: Int] = [:]
  private var hashes: Set<String> = []
  private var duplicates = 0

  init(_ task: TaskDefinition, context: Int) {
    self.task = task
    self.context = context
  }

  mutating func add(_ line: JSONValue) {
    if let hash = line["input_hash"]?.string, !hashes.insert(hash).inserted { duplicates += 1 }
    if let count = line["tokens"]?.int, count > 0 { tokens.append(Double(count)) }
    if task.request.hasLabels, let gold = line["gold"]?.string { labels[gold, default: 0] += 1 }
    if let reason = line["reason"]?.string { reasons[Self.kind(of: reason), default: 0] += 1 }
  }

  /// A reason without its numbers, so that equal ones count together.
  private static func kind(of reason: String) -> String {
    var bytes: [UInt8] = []
    for byte in reason.utf8 {
      if (0x30...0x39).contains(byte) {
        if bytes.last != UInt8(ascii: "N") { bytes.append(UInt8(ascii: "N")) }
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  var card: ReportDataCard? {
    func shares(_ counts: [String: Int]) -> [ReportDataCard.Share] {
      counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(50).map {
        ReportDataCard.Share($0.key, $0.value)
      }
    }
    return ReportDataCard(
      tokens: tokens.isEmpty ? nil : BinnedValues.counts(tokens),
      sequenceLength: context > 0 && !tokens.isEmpty ? context : nil,
      labels: task.choices == nil ? shares(labels) : [], rejected: shares(reasons),
      duplicates: duplicates)
  }
}
