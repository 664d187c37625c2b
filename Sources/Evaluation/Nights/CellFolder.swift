public import DSXCore

/// The folder of one evaluated cell, as it is read back.
public struct CellFolder: Sendable {
  /// The name of the examples' file.
  public static let examplesName = "examples.jsonl"

  /// The path.
  public let path: String
  /// Its report, without what belongs to a night.
  public let report: RunReport

  /// Reads the folder's report; nil when there is none. A report that cannot be read is an error.
  public init?(_ path: String) throws(DSXError) {
    let file = FilePath.join(path, "report.json")
    guard FilePath.exists(file) else { return nil }
    guard case .run(let report) = try AnyReport(file: file) else {
      throw DSXError(.malformed, "the report is not of one run", file: file)
    }
    self.path = path
    self.report = report
  }

  /// Whether every example that was asked for has its scores.
  public var isWhole: Bool {
    report.counts.failed == 0 && report.counts.missing == 0 && report.counts.succeeded > 0
  }

  /// The examples with their statistics and hashes.
  public func examples() throws(DSXError) -> CellExamples {
    var examples = CellExamples()
    let file = FilePath.join(path, Self.examplesName)
    examples.path = file
    if FilePath.exists(file) {
      let mapped = try MappedFile(path: file)
      examples.file = mapped.withBytes { Array($0) }
      try Self.lines(file) { (line) throws(DSXError) in
        guard let id = line["id"], let slice = line["by"]?.string else { return }
        examples.slices[id.text()] = slice
      }
    }
    try predictions { (line) throws(DSXError) in
      guard let id = line["id"] else { return }
      examples.hashes[CellExamples.key(id.text())] = .init(
        input: line["input_hash"]?.string,
        prediction: line["prediction"].map { SHA256.hex($0.text()) })
    }
    return examples
  }

  /// Hands on every line of predictions.jsonl; none when there is no such file.
  public func predictions(_ body: (JSONValue) throws(DSXError) -> Void) throws(DSXError) {
    let file = FilePath.join(path, "predictions.jsonl")
    guard FilePath.exists(file) else { return }
    try Self.lines(file, body)
  }

  private static func lines(_ path: String, _ body: (JSONValue) throws(DSXError) -> Void)
    throws(DSXError)
  {
    let file = try MappedFile(path: path)
    defer { withExtendedLifetime(file) {} }
    let bytes = file.bytes
    var (start, number) = (0, 0)
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
      number += 1
      let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
      start = end + 1
      if line.isEmpty { continue }
      do throws(DSXError) { try body(try JSONParser.parse(line)) } catch {
        var placed = error.inFile(path)
        if placed.location.line == nil { placed.location.line = number }
        throw placed
      }
    }
  }
}
