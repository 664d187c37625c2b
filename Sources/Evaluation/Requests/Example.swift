internal import DSXCore
internal import Images

/// One row of a data set as a task sees it.
struct Example: Sendable {
  /// Its number in the split, from 0.
  let row: Int
  /// The data's own id, or the row number.
  let id: JSONValue
  /// The wanted columns as JSON; a class label by its name.
  let values: [String: JSONValue]
  /// Columns of bytes, as they are.
  let bytes: [String: [UInt8]]
  /// Columns of whole numbers, for token ids.
  let numbers: [String: [Int32]]
  /// Columns of images that are there as pixels.
  var pixels: [String: Image] = [:]
  /// Where it comes from, for messages; empty when only the row is known.
  var source = ""

  init(
    row: Int, id: JSONValue, values: [String: JSONValue], bytes: [String: [UInt8]] = [:],
    numbers: [String: [Int32]] = [:]
  ) {
    self.row = row
    self.id = id
    self.values = values
    self.bytes = bytes
    self.numbers = numbers
  }

  /// A column as text: digits of numbers, JSON of lists; nil for null and for columns that are not
  /// there.
  func text(_ column: String) -> String? {
    switch values[column] {
    case nil, .null?: nil
    case .string(let text)?: text
    case .bool(let flag)?: flag ? "true" : "false"
    case let value?: value.text()
    }
  }

  /// A column as a list of texts: a list, its JSON text, or words split at blanks.
  func words(_ column: String) -> [String]? {
    guard var value = values[column], !value.isNull else { return nil }
    if let text = value.string {
      if text.utf8.first == UInt8(ascii: "["), let parsed = try? JSONParser.parse(text) {
        value = parsed
      } else {
        return text.utf8.split { $0 == 0x20 || $0 == 0x09 }.map {
          String(decoding: $0, as: UTF8.self)
        }
      }
    }
    guard let elements = value.array else { return nil }
    return elements.map { $0.string ?? $0.text() }
  }

  /// Right answers: a text, a list of texts, or SQuAD's object with `text`; each once, in order.
  func answers(_ column: String) -> [String] {
    guard var value = values[column], !value.isNull else { return [] }
    if let text = value.string {
      guard text.utf8.first == UInt8(ascii: "{") || text.utf8.first == UInt8(ascii: "["),
        let parsed = try? JSONParser.parse(text)
      else { return [text] }
      value = parsed
    }
    value = value["text"] ?? value
    let texts = value.array.map { $0.map { $0.string ?? $0.text() } } ?? [value.text()]
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  /// The columns that a template can name.
  func fields(_ names: [String]) -> [String: String] {
    var fields: [String: String] = [:]
    for name in names { fields[name] = text(name) ?? "" }
    return fields
  }
}
