/// A vocabulary's user-defined symbols: found in the text first, the longest at each place.
struct UserSymbols {
  // (node << 8 | byte) to node; node 0 is the root.
  private var edges: [UInt64: UInt32] = [:]
  private var isEnd: [Bool] = [false]
  private var starts = [Bool](repeating: false, count: 256)

  /// Whether some symbol holds an ASCII blank.
  private(set) var hasBlank = false
  /// True when there is none.
  var isEmpty: Bool { edges.isEmpty }

  /// Adds a symbol.
  mutating func insert(_ symbol: [UInt8]) {
    guard let first = symbol.first else { return }
    starts[Int(first)] = true
    var node: UInt32 = 0
    if symbol.contains(0x20) { hasBlank = true }
    for byte in symbol {
      let key = UInt64(node) << 8 | UInt64(byte)
      if let next = edges[key] {
        node = next
      } else {
        let next = UInt32(isEnd.count)
        edges[key] = next
        isEnd.append(false)
        node = next
      }
    }
    isEnd[Int(node)] = true
  }

  /// The length of the longest symbol that `text` has at `index`, 0 when there is none.
  @inline(__always)
  func match(_ text: UnsafeRawBufferPointer, _ index: Int) -> Int {
    starts[Int(text[index])] ? longest(text, index) : 0
  }

  /// Whether a symbol may be found where a text has these bytes, the ones of a character.
  func mayStart(with character: UnsafeRawBufferPointer) -> Bool {
    guard let first = character.first, starts[Int(first)] else { return false }
    var node: UInt32 = 0
    for byte in character {
      guard let next = edges[UInt64(node) << 8 | UInt64(byte)] else { return false }
      node = next
      if isEnd[Int(node)] { return true }
    }
    return true
  }

  /// SentencePiece looks at this many symbols that begin alike, shorter ones first.
  private static let maximumMatches = 64

  private func longest(_ text: UnsafeRawBufferPointer, _ index: Int) -> Int {
    var node: UInt32 = 0
    var length = 0
    var matches = 0
    var at = index
    while at < text.count, let next = edges[UInt64(node) << 8 | UInt64(text[at])] {
      node = next
      at += 1
      if isEnd[Int(node)] {
        length = at - index
        matches += 1
        if matches == Self.maximumMatches { break }
      }
    }
    return length
  }
}
