public import DSXCore

extension RunHistory {
  /// The examples of a cell with their hashes, in order; empty when the run or cell is not there or kept
  /// none.
  public func examples(run: String, cell: String) throws(DSXError) -> CellExamples {
    let key = try connection.number(
      "SELECT cell FROM cells WHERE key=?2 AND run=(SELECT run FROM runs WHERE id=?1)",
      [.text(run), .text(cell)])
    guard let key else { return CellExamples() }
    var metrics: [JSONValue] = []
    var results: [(row: Int, name: String)] = []
    try connection.each(
      "SELECT result, metric, head FROM results WHERE cell=? AND head IS NOT NULL ORDER BY place",
      [.integer(key)]
    ) { (row) throws(DSXError) in
      guard let result = row.integer(0), let name = row.text(1), let head = row.text(2) else {
        return
      }
      metrics.append(try JSONParser.parse(head))
      results.append((result, name))
    }
    var examples = CellExamples()
    examples.path = path
    var lines: [[UInt8]] = []
    try connection.each(
      """
      SELECT id, cluster, slice, input_hash, prediction_hash FROM examples
      WHERE cell=? ORDER BY row
      """, [.integer(key)]
    ) { (row) throws(DSXError) in
      guard let id = row.text(0) else { return }
      examples.hashes[CellExamples.key(id)] = .init(input: row.text(3), prediction: row.text(4))
      if let slice = row.text(2) { examples.slices[id] = slice }
      var line = Array("{\"id\":".utf8)
      line += Array(id.utf8)
      if let cluster = row.text(1) {
        line += Array(",\"cluster\":".utf8)
        JSONValue.string(cluster).write(into: &line)
      }
      line += Array(",\"metrics\":{".utf8)
      lines.append(line)
    }
    guard !metrics.isEmpty, !lines.isEmpty else { return examples }
    for (place, result) in results.enumerated() {
      var filled = 0
      try connection.each(
        "SELECT row, score, statistics FROM scores WHERE result=? ORDER BY row",
        [.integer(result.row)]
      ) { (row) throws(DSXError) in
        guard let number = row.integer(0), number == filled, number < lines.count,
          let statistics = row.text(2)
        else { throw DSXError(.corrupt, "the history lacks scores of a cell", file: path) }
        if place > 0 { lines[number].append(UInt8(ascii: ",")) }
        JSONValue.string(result.name).write(into: &lines[number])
        lines[number] += Array(":{\"statistics\":\(statistics)}".utf8)
        filled += 1
      }
      guard filled == lines.count else {
        throw DSXError(.corrupt, "the history lacks scores of a cell", file: path)
      }
    }
    var bytes: [UInt8] = []
    JSONValue.object([.init("dsx-examples", 1), .init("metrics", .array(metrics))])
      .write(into: &bytes)
    for line in lines { bytes += Array("\n".utf8) + line + Array("}}".utf8) }
    examples.file = bytes
    return examples
  }
}

/// A cell's examples as they are stored: what paired comparisons need.
public struct CellExamples: Sendable {
  /// Hashes of what the model saw and answered.
  public struct Hashes: Sendable, Equatable {
    /// The hash of the input.
    public var input: String?
    /// The hash of the prediction.
    public var prediction: String?
  }

  /// The bytes of an examples' file; empty when none was kept.
  public var file: [UInt8] = []
  /// The hashes, by the id's key.
  public var hashes: [String: Hashes] = [:]
  /// The slices, by the id's JSON text.
  public var slices: [String: String] = [:]

  /// Where they were read.
  public var path: String?

  /// No examples.
  public init() {}

  /// The same key for an id's JSON text whether it was written as a number or as text: predictions keep
  /// the data's own ids, and examples keep them as text.
  static func key(_ id: String) -> String {
    id.utf8.first == UInt8(ascii: "\"") ? id : "\"\(id)\""
  }
}
