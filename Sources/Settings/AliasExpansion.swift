/// How large a YAML text becomes when each alias (`*a`) is replaced by what its anchor (`&a`) names.
///
/// Nine lines of nine aliases each are a file of 500 bytes and 400 million values, and the parser compares and
/// hashes them before anyone could count. So the text is measured first: from above, as everything that
/// looks like an anchor or an alias counts, also in quotes.
///
/// An alias comes behind the end of its anchor's node. So a node's text lies between its anchor and the first
/// alias of it, and its size is at most that text and the sizes of the aliases in it. That holds for names
/// with one anchor only; others are too large by definition.
enum AliasExpansion {
  /// The largest size that is read, in bytes; ordinary files expand to little more than their own.
  static let limit = 1 << 20

  /// Whether what the aliases of a text stand for has at most `limit` bytes. Linear.
  static func isSmall(_ text: some Sequence<UInt8>) -> Bool {
    let marks = marks(text)
    let aliased = Set(marks.lazy.filter(\.isAlias).map(\.name))
    // Where the node of each anchor begins, and what all aliases before it stand for.
    var starts: [[UInt8]: (position: Int, total: Int)] = [:]
    var sizes: [[UInt8]: Int] = [:]
    var total = 0
    for mark in marks where aliased.contains(mark.name) {
      guard mark.isAlias else {
        guard starts.updateValue((mark.position, total), forKey: mark.name) == nil else {
          return false
        }
        continue
      }
      // No anchor: the parser refuses it, or it is no alias.
      guard let start = starts[mark.name] else { continue }
      let size = sizes[mark.name] ?? mark.position - start.position + total - start.total
      sizes[mark.name] = size
      total += size
      guard total <= limit else { return false }
    }
    return true
  }

  private struct Mark {
    var isAlias: Bool
    var name: [UInt8]
    var position: Int
  }

  /// Everything in the text that looks like an anchor or an alias.
  private static func marks(_ text: some Sequence<UInt8>) -> [Mark] {
    var marks: [Mark] = []
    var current: Mark?
    func end() {
      if let mark = current, !mark.name.isEmpty { marks.append(mark) }
      current = nil
    }
    for (position, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "*"):
        end()
        current = Mark(isAlias: byte == UInt8(ascii: "*"), name: [], position: position)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        current?.name.append(byte)
      default: end()
      }
    }
    end()
    return marks
  }
}
