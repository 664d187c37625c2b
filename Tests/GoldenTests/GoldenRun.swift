import DSXCore
import Testing

/// Counts the cases of one golden folder (`mindrecord`, `prepare`, ...) kind by kind.
///
/// A walker calls `check` for each case that dsx knows and `skip` for each that it does not know yet,
/// so that nothing is left out silently.
final class GoldenRun {
  /// The folder of these cases: `ROOT/mindrecord`, ...
  let folder: String
  /// Counts of one kind of cases.
  struct Tally {
    var passed = 0
    var failed: [String] = []
    var skipped: [String] = []
    /// Cases of this kind, whatever came of them.
    var total: Int { passed + failed.count + skipped.count }
    /// `3 passed, 0 failed, 1 skipped (name)`, with the first few names of what was skipped.
    var text: String {
      var text = "\(passed) passed, \(failed.count) failed, \(skipped.count) skipped"
      if !skipped.isEmpty {
        text += " (" + skipped.prefix(6).joined(separator: ", ")
        text += skipped.count > 6 ? ", ...)" : ")"
      }
      return text
    }
    mutating func add(_ other: Tally) {
      passed += other.passed
      failed += other.failed
      skipped += other.skipped
    }
  }
  private(set) var kinds: [String: Tally] = [:]

  init(folder: String) { self.folder = folder }

  /// The path of a file of this folder.
  func path(_ name: String) -> String { FilePath.join(folder, name) }

  /// The JSON value in a file of this folder; golden files may hold NaN and Infinity.
  func json(_ name: String) throws -> JSONValue {
    let file = try MappedFile(path: path(name))
    defer { withExtendedLifetime(file) {} }
    do {
      return try JSONParser.parse(file.bytes, allowNonFinite: true)
    } catch {
      throw error.inFile(file.path)
    }
  }

  /// The values of a JSON-lines file of this folder.
  func jsonLines(_ name: String) throws -> [JSONValue] {
    let file = try MappedFile(path: path(name))
    defer { withExtendedLifetime(file) {} }
    return try file.bytes.split(separator: 0x0a).map {
      try JSONParser.parse(UnsafeRawBufferPointer(rebasing: $0), allowNonFinite: true)
    }
  }

  /// Runs one case: it passes when `body` returns nil; the string it returns says what differs.
  func check(_ kind: String, _ name: String, _ body: () throws -> String?) {
    let difference: String?
    do { difference = try body() } catch { difference = "threw \(error)" }
    if let difference {
      kinds[kind, default: Tally()].failed.append(name)
      Issue.record("\(folder): \(kind) \(name): \(difference)")
    } else {
      kinds[kind, default: Tally()].passed += 1
    }
  }

  /// Counts a case that dsx does not know yet.
  func skip(_ kind: String, _ name: String) {
    kinds[kind, default: Tally()].skipped.append(name)
  }

  /// A case passes when both are equal; the message shows the first element that differs.
  func expectEqual<Element: Equatable>(
    _ kind: String, _ name: String, _ ours: [Element], _ theirs: [Element]
  ) {
    check(kind, name) { Self.difference(ours, theirs) }
  }

  /// nil when equal, else where two sequences differ first.
  static func difference<Element: Equatable>(_ ours: [Element], _ theirs: [Element]) -> String? {
    if ours == theirs { return nil }
    let at = zip(ours, theirs).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    guard let at else { return "\(ours.count) elements instead of \(theirs.count)" }
    return "element \(at) is \(ours[at]) instead of \(theirs[at])"
  }
}
