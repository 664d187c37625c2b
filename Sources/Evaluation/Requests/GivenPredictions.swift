public import DSXCore

/// Predictions that were made elsewhere, by example.
///
/// A file of JSON lines with `prediction` (or `pred`, `hypothesis`, `output`), `id` where the lines are
/// not in the order of the data, and what else metrics read (`scores`, `log_likelihoods`,
/// `log_likelihood`, `no_answer_probability`, ...); a JSON object `{"id": "answer"}` as SQuAD's scripts
/// take; a predictions.jsonl of dsx; or plain text with one prediction a line.
public struct GivenPredictions: Sendable {
  private var byID: [String: JSONValue] = [:]
  private var byRow: [JSONValue] = []
  /// SHA-256 of the file.
  public let fingerprint: String
  /// The file.
  public let path: String
  /// How many there are.
  public var count: Int { byRow.isEmpty ? byID.count : byRow.count }

  private static let names = ["prediction", "pred", "hypothesis", "output", "answer"]

  /// Reads a file. Errors carry file and line.
  public init(path: String) throws(DSXError) {
    self.path = path
    let file = try MappedFile(path: path)
    var hash = SHA256()
    file.withBytes { hash.update($0) }
    fingerprint = hash.hexDigest()
    do throws(DSXError) {
      try file.withBytes { (bytes) throws(DSXError) in try read(bytes) }
    } catch { throw error.inFile(path) }
    guard count > 0 else {
      throw DSXError(.nothingToDo, "the file holds no predictions", file: path)
    }
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    if let bad = UTF8Validation.firstInvalid(bytes) {
      throw DSXError(.malformed, "the text is not valid UTF-8", byte: bad)
    }
    let name = path.lowercased()
    if name.hasSuffix(".json"), let whole = try? JSONParser.parse(bytes),
      let members = whole.object,
      whole["prediction"] == nil
    {
      for member in members { byID[member.name] = .object([.init("prediction", member.value)]) }
      return
    }
    let isJSON = [".json", ".jsonl", ".ndjson"].contains { name.hasSuffix($0) }
    var start = 0
    var number = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
      number += 1
      var line = bytes[start..<end]
      start = end + 1
      if line.last == 0x0d { line = line.dropLast() }
      guard isJSON else {
        byRow.append(
          .object([.init("prediction", .string(String(decoding: line, as: UTF8.self)))]))
        continue
      }
      if line.isEmpty { continue }
      do throws(DSXError) {
        try add(try JSONParser.parse(UnsafeRawBufferPointer(rebasing: line)))
      } catch {
        var placed = error
        placed.location.line = number
        throw placed
      }
    }
  }

  private mutating func add(_ value: JSONValue) throws(DSXError) {
    guard var members = value.object else {
      throw DSXError(.malformed, "the line is no JSON object")
    }
    // A failed line of an earlier run is no prediction.
    if let status = value["status"]?.string, status != "ok" { return }
    if value["prediction"] == nil,
      let name = Self.names.first(where: { value[$0] != nil }), let said = value[name]
    {
      members.append(.init("prediction", said))
    }
    let object = JSONValue.object(members)
    guard let id = value["id"], !id.isNull else {
      guard byID.isEmpty else { throw DSXError(.malformed, "the line has no 'id', others have") }
      byRow.append(object)
      return
    }
    guard byRow.isEmpty else {
      throw DSXError(.malformed, "the line has an 'id', others have none")
    }
    let key = id.string ?? id.text()
    guard byID.updateValue(object, forKey: key) == nil else {
      throw DSXError(.malformed, "the id '\(key)' comes twice")
    }
  }

  /// The prediction of an example; nil when none is given.
  func prediction(of example: Example) -> JSONValue? {
    if byRow.isEmpty { return byID[example.id.string ?? example.id.text()] }
    return byRow.indices.contains(example.row) ? byRow[example.row] : nil
  }

  /// Whether the predictions are of this data: every id is an example's, and there are not more lines
  /// than rows. Throws `malformed`.
  func check(examples: Int, has: (String) -> Bool) throws(DSXError) {
    let strange = byID.keys.filter { !has($0) }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    if let first = strange.first {
      let many = strange.count == 1 ? "1 id that is" : "\(strange.count) ids that are"
      throw DSXError(
        .malformed, "the file has \(many) not in the data, the first is '\(first)'", file: path,
        hint: "ids are those of the task's id column, image names, or row numbers from 0")
    }
    guard !byRow.isEmpty, byRow.count > examples else { return }
    throw DSXError(
      .malformed, "the file has \(byRow.count) predictions, the data \(examples) examples",
      file: path, hint: "predictions without ids belong to the rows in order")
  }
}
