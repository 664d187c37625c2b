import DSXCore
import Datasets

/// The cases of `datasets/csv`: rows of Python's strict reader, with the header as the first.
///
/// dsx refuses two things that Python accepts, by the rules: rows of another width, and quotes inside of
/// unquoted fields (as libcsv in strict mode does). Such a case passes when it is refused, and its lenient reading
/// or the reading that skips gives the rows that are left.
enum CSVGolden {
  @Sendable static func walk(_ run: GoldenRun) throws {
    for entry in try run.json("MANIFEST.json").array ?? [] where entry["kind"]?.string == "csv" {
      guard let file = entry["file"]?.string else { continue }
      // The bytes of other repositories are only in the shared folder.
      guard FilePath.exists(run.path("csv/" + file)) else {
        run.skip("csv", file)
        continue
      }
      let stem = file.hasSuffix(".csv") ? String(file.dropLast(4)) : file
      let expected = try run.json("csv/\(stem).json")
      run.check("csv", file) { try difference(run.path("csv/" + file), expected) }
    }
  }

  private static func difference(_ path: String, _ expected: JSONValue) throws -> String? {
    var options = TableOptions()
    options.header = .none
    if let text = expected["delimiter"]?.string?.utf8.first { options.delimiter = text }
    let lenient = expected["other_libraries"]?["libcsv-3.0.3-lenient"]?.array
    let isStray =
      expected["other_libraries"]?["libcsv-3.0.3-strict"]?.string?.hasPrefix("error") ?? false
    guard let rows = rows(expected["rows"]) else {
      if let count = expected["rows"]?["count"]?.int {
        return try digest(path, options, Int(count), expected["rows"]?["sha256_of_json"]?.string)
      }
      return try refused(path, options, expected["error"]?.string)
        ?? lenientDifference(path, options, expected["error"]?.string, lenient)
    }
    if isStray {
      return try refused(path, options, nil) ?? lenientDifference(path, options, nil, lenient)
    }
    let width = rows.first?.count ?? 0
    if rows.contains(where: { $0.count != width }) {
      var skipping = options
      skipping.onBadRow = .skip
      let kept = rows.filter { $0.count == width }
      return try refused(path, options, nil)
        ?? GoldenRun.difference(try read(path, skipping), kept)
    }
    for threads in [1, 3] {
      options.threads = threads
      options.batchRows = threads
      if let different = GoldenRun.difference(try read(path, options), rows) { return different }
    }
    return try typed(path, options, rows)
  }

  /// Reading with types keeps texts, and numbers that are written as these.
  private static func typed(_ path: String, _ plain: TableOptions, _ rows: [[String]]) throws
    -> String?
  {
    var options = plain
    options.header = .firstRow
    guard let header = rows.first, Set(header).count == header.count else {
      do { _ = try TableReader.load(path: path, options: options) } catch { return nil }
      return rows.isEmpty ? "an empty file was accepted" : "a header with a name twice was accepted"
    }
    let table = try TableReader.load(path: path, options: options)
    guard table.schema.fields.map(\.name) == header else { return "header \(table.schema.fields)" }
    var number = 1
    for batch in table.batches {
      for row in 0..<batch.rows {
        for (column, text) in zip(batch.columns, rows[number]) {
          let isSame: Bool
          switch column.elements {
          case .int64(let values): isSame = String(values[row]) == text
          case .float64(let values): isSame = Double(text) == values[row]
          default: isSame = column.string(row) == text
          }
          guard isSame || (text.isEmpty && !column.isValid(row)) else { return "row \(number)" }
        }
        number += 1
      }
    }
    return number == rows.count ? nil : "\(number) rows instead of \(rows.count)"
  }

  private static func rows(_ value: JSONValue?) -> [[String]]? {
    value?.array?.map { ($0.array ?? []).map { $0.string ?? "" } }
  }

  /// All rows as text.
  private static func read(_ path: String, _ plain: TableOptions) throws -> [[String]] {
    var options = plain
    let names = try TableReader(path: path, options: options).schema.fields.map(\.name)
    options.features = names.map { Field($0, .string) }
    var cursor = try TableReader(path: path, options: options).cursor()
    var rows: [[String]] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rows { rows.append(batch.columns.map { $0.string(row) ?? "" }) }
    }
    return rows
  }

  /// nil when the file is refused, with its line and, where the reference states it, its byte.
  private static func refused(_ path: String, _ options: TableOptions, _ error: String?) throws
    -> String?
  {
    do {
      _ = try read(path, options)
      return "was accepted"
    } catch let found as DSXError {
      guard found.code == .malformed, found.location.line != nil else { return "\(found)" }
      guard let error, error.hasPrefix("utf8 at byte ") else { return nil }
      let byte = Int(error.dropFirst("utf8 at byte ".count))
      return found.location.byte == byte ? nil : "\(found) instead of \(error)"
    }
  }

  private static func lenientDifference(
    _ path: String, _ plain: TableOptions, _ error: String?, _ expected: [JSONValue]?
  ) throws -> String? {
    // What is no UTF-8 has no right text.
    guard let rows = rows(expected.map { .array($0) }), !(error ?? "").hasPrefix("utf8") else {
      return nil
    }
    var options = plain
    options.isLenient = true
    return GoldenRun.difference(try read(path, options), rows)
  }

  private static func digest(
    _ path: String, _ options: TableOptions, _ count: Int, _ digest: String?
  ) throws -> String? {
    let rows = try read(path, options)
    guard rows.count == count else { return "\(rows.count) rows instead of \(count)" }
    let text = JSONValue.array(rows.map { .array($0.map { .string($0) }) }).text()
    var hash = SHA256()
    hash.update(text)
    let ours = hash.hexDigest()
    return ours == digest ? nil : "another text: \(ours)"
  }
}
