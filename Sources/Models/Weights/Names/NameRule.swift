/// One tensor's names in two conventions, with `{}` for the number of a layer, and what changes in
/// between.
struct NameRule: Sendable {
  /// What becomes of the Hugging Face tensor on its way to the other convention.
  enum Change: Sendable {
    case none
    /// Rows and columns exchanged.
    case transposed
    /// Cut along its last axis, one piece for each name; then perhaps transposed.
    case cut(transposed: Bool)
    /// Rows of each head: two halves in Hugging Face's files, pairs in GGUF; `keys` has as many heads as
    /// keys have.
    case paired(keys: Bool)
  }

  /// The Hugging Face name.
  let one: String
  /// The names of the other convention: several where it holds the pieces one by one.
  let others: [String]
  let change: Change

  init(_ one: String, _ others: String..., change: Change = .none) {
    self.one = one
    self.others = others
    self.change = change
  }

  /// The layer's number if `name` matches `pattern`; -1 where the pattern has none.
  static func layer(of name: String, _ pattern: String) -> Int? {
    let (name, pattern) = (Array(name.utf8), Array(pattern.utf8))
    guard
      let hole = pattern.indices.dropLast().first(where: {
        pattern[$0] == UInt8(ascii: "{") && pattern[$0 + 1] == UInt8(ascii: "}")
      })
    else { return name == pattern ? -1 : nil }
    let (front, back) = (pattern[..<hole], pattern[(hole + 2)...])
    guard name.count > front.count + back.count, name.starts(with: front),
      name.suffix(back.count).elementsEqual(back)
    else { return nil }
    let digits = name[front.count..<name.count - back.count]
    guard digits.count <= 6, digits.allSatisfy({ (0x30...0x39).contains($0) }),
      digits.count == 1 || digits.first != 0x30
    else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// A pattern with a layer's number.
  static func name(_ pattern: String, layer: Int) -> String {
    var bytes: [UInt8] = []
    let source = Array(pattern.utf8)
    var index = 0
    while index < source.count {
      if index + 1 < source.count, source[index] == UInt8(ascii: "{"),
        source[index + 1] == UInt8(ascii: "}")
      {
        bytes += Array(String(layer).utf8)
        index += 2
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
