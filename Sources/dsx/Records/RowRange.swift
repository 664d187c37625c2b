internal import ArgumentParser
internal import DSXCore

/// A range of rows on the command line: `A..B` without row B, `A..`, `..B`. Rows count from 0.
struct RowRange: ExpressibleByArgument {
  private let first: Int
  private let end: Int?

  init?(argument: String) {
    let parts = argument.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty else { return nil }
    func number(_ part: Substring.UTF8View) -> Int? { Int(String(decoding: part, as: UTF8.self)) }
    guard let first = parts[0].isEmpty ? 0 : number(parts[0]) else { return nil }
    var end: Int?
    if !parts[2].isEmpty {
      guard let last = number(parts[2]) else { return nil }
      end = last
    }
    guard first >= 0, first <= end ?? .max else { return nil }
    self.first = first
    self.end = end
  }

  /// The rows of a set of `count`. Throws `usage` when they are not all there.
  func rows(of count: Int) throws(DSXError) -> Range<Int> {
    let last = end ?? count
    guard first <= last, last <= count else {
      throw DSXError(
        .usage, "rows \(first)..\(end.map(String.init) ?? "") are outside of the \(count) rows",
        hint: "rows count from 0, and A..B ends before row B")
    }
    return first..<last
  }
}

/// A list of names on the command line: `a,b`.
struct NameList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
  }
}
