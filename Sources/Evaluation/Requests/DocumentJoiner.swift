internal import DSXCore

/// Joins rows of text into documents.
struct DocumentJoiner {
  private let form: DocumentForm
  private let column: String
  private var lines: [String] = []
  private var number = 0

  init(_ form: DocumentForm, column: String) {
    self.form = form
    self.column = column
  }

  /// Takes a row; gives a document when one is complete.
  mutating func add(_ example: Example) -> Example? {
    guard form != .row else { return example }
    let text = example.text(column) ?? ""
    var done: Example?
    if form == .wikitext, Self.isTitle(text) { done = finish() }
    lines.append(text)
    return done
  }

  /// The last document; nil when nothing is left.
  mutating func finish() -> Example? {
    guard form != .row, !lines.isEmpty else { return nil }
    defer {
      number += 1
      lines = []
    }
    let text = lines.joined(separator: "\n")
    // Blank lines before the first title are no article.
    guard text.utf8.contains(where: { $0 != 0x20 && $0 != 0x0a }) else {
      number -= 1
      return nil
    }
    return Example(row: number, id: .int(Int64(number)), values: [column: .string(text)])
  }

  /// ` = Title = `, but not ` = = Section = = `.
  static func isTitle(_ line: String) -> Bool {
    let words = line.utf8.split(separator: 0x20).map { Array($0) }
    let mark = [UInt8(ascii: "=")]
    guard words.count >= 3, words.first == mark, words.last == mark else { return false }
    return words[1] != mark && words[words.count - 2] != mark
  }
}
