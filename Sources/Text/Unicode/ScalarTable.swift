/// A byte for every code point: two levels, blocks of 256, equal blocks shared.
///
/// Tables live as long as the process, so that looking something up counts no references.
struct ScalarTable: @unchecked Sendable {
  /// For code point c: `values[Int(blocks[c >> 8]) << 8 | c & 255]`.
  private let blocks: UnsafePointer<UInt16>
  private let values: UnsafePointer<UInt8>
  private let valueCount: Int

  /// Reads runs over 0..<0x110000: each a length and a value, or with `meanings` a place in those.
  init(runs: [StaticString], meanings: [UInt8]? = nil) {
    var reader = TableReader(runs)
    var blocks: [UInt16] = []
    blocks.reserveCapacity(0x1100)
    var values: [UInt8] = []
    var known: [UInt8: UInt16] = [:]
    var block: [UInt8] = []
    block.reserveCapacity(256)
    func close() {
      let first = block[0]
      let isUniform = block.allSatisfy { $0 == first }
      if isUniform, let number = known[first] {
        blocks.append(number)
      } else {
        let number = UInt16(values.count >> 8)
        if isUniform { known[first] = number }
        blocks.append(number)
        values.append(contentsOf: block)
      }
      block.removeAll(keepingCapacity: true)
    }
    while blocks.count < 0x1100, let length = reader.number() {
      var left = Int(length)
      let value = UInt8(truncatingIfNeeded: reader.number() ?? 0)
      while left > 0, blocks.count < 0x1100 {
        // Whole blocks of one value are shared without being filled again.
        if block.isEmpty, left >= 256, let number = known[value] {
          blocks.append(number)
          left -= 256
          continue
        }
        let count = min(left, 256 - block.count)
        block.append(contentsOf: repeatElement(value, count: count))
        left -= count
        if block.count == 256 { close() }
      }
    }
    while blocks.count < 0x1100 { blocks.append(0) }
    if values.isEmpty { values = [UInt8](repeating: 0, count: 256) }
    if let meanings {
      for place in values.indices { values[place] = meanings[Int(values[place])] }
    }
    self.blocks = Self.keep(blocks)
    self.values = Self.keep(values)
    valueCount = values.count
  }

  private static func keep<Element>(_ array: [Element]) -> UnsafePointer<Element> {
    let storage = UnsafeMutablePointer<Element>.allocate(capacity: array.count)
    storage.initialize(from: array, count: array.count)
    return UnsafePointer(storage)
  }

  /// Hands every code point whose value is not zero to `body`, in order.
  func forEachNonzero(_ body: (UInt32) -> Void) {
    var zero: UInt16?
    for high in 0..<0x1100 where blocks[high] != zero {
      let block = blocks[high]
      let base = Int(block) << 8
      var isZero = true
      for low in 0..<256 where values[base + low] != 0 {
        isZero = false
        body(UInt32(high << 8 | low))
      }
      if isZero { zero = block }
    }
  }

  /// The value of a code point below 0x110000.
  @inline(__always)
  subscript(_ code: UInt32) -> UInt8 {
    values[Int(blocks[Int(code >> 8)]) << 8 | Int(code & 255)]
  }
}

/// Reads the numbers of generated tables: base 64 digits of five bits, the lowest first; the sixth bit
/// says that more follow.
struct TableReader {
  private let parts: [StaticString]
  private var part = 0
  private var index = 0

  init(_ parts: [StaticString]) { self.parts = parts }

  /// The next number; nil at the end.
  mutating func number() -> UInt32? {
    var value: UInt32 = 0
    var shift: UInt32 = 0
    while let digit = digit() {
      value |= (digit & 31) << shift
      shift += 5
      if digit < 32 { return value }
    }
    return nil
  }

  /// The next signed number: even for zero and above.
  mutating func signed() -> Int32? {
    guard let value = number() else { return nil }
    return value & 1 == 0 ? Int32(value >> 1) : -Int32(value >> 1) - 1
  }

  private mutating func digit() -> UInt32? {
    while part < parts.count, index >= parts[part].utf8CodeUnitCount {
      part += 1
      index = 0
    }
    guard part < parts.count else { return nil }
    let byte = UInt32(parts[part].utf8Start[index])
    index += 1
    switch byte {
    case 65...90: return byte - 65
    case 97...122: return byte - 97 + 26
    case 48...57: return byte - 48 + 52
    case 43: return 62
    default: return 63
    }
  }
}
