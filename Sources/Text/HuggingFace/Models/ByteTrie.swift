/// A trie over bytes: edges in one open-addressing table.
struct ByteTrie: Sendable {
  /// `(node << 8 | byte) + 1`; 0 is free.
  private var keys: [UInt64] = [UInt64](repeating: 0, count: 64)
  private var targets: [UInt32] = [UInt32](repeating: 0, count: 64)
  private var edges = 0
  /// By node: the value of what ends there, -1 for none.
  private var values: [Int32] = [-1]
  /// The edges of the root.
  private var roots = [UInt32](repeating: 0, count: 256)

  /// Whether nothing was put in.
  var isEmpty: Bool { edges == 0 }

  /// Whether something begins with this byte.
  @inline(__always)
  func begins(_ byte: UInt8) -> Bool { roots[Int(byte)] != 0 }

  /// Puts a value behind `text`; the last one of equal texts stays.
  mutating func insert(_ text: some Sequence<UInt8>, _ value: Int32) {
    var node: UInt32 = 0
    for byte in text {
      if let next = child(node, byte) {
        node = next
        continue
      }
      let next = UInt32(values.count)
      values.append(-1)
      if node == 0 {
        roots[Int(byte)] = next
        edges += 1
      } else {
        add(node, byte, next)
      }
      node = next
    }
    values[Int(node)] = value
  }

  private mutating func add(_ node: UInt32, _ byte: UInt8, _ next: UInt32) {
    edges += 1
    if edges * 2 > keys.count {
      let (oldKeys, oldTargets) = (keys, targets)
      keys = [UInt64](repeating: 0, count: oldKeys.count * 2)
      targets = [UInt32](repeating: 0, count: oldKeys.count * 2)
      for (index, key) in oldKeys.enumerated() where key != 0 { put(key, oldTargets[index]) }
    }
    put((UInt64(node) << 8 | UInt64(byte)) + 1, next)
  }

  private mutating func put(_ key: UInt64, _ target: UInt32) {
    var slot = Self.slot(key) & (keys.count - 1)
    while keys[slot] != 0 { slot = (slot + 1) & (keys.count - 1) }
    keys[slot] = key
    targets[slot] = target
  }

  @inline(__always)
  private static func slot(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 30)
  }

  /// The node behind an edge; nil when there is none. The root is node 0.
  @inline(__always)
  func child(_ node: UInt32, _ byte: UInt8) -> UInt32? {
    if node == 0 {
      let next = roots[Int(byte)]
      return next == 0 ? nil : next
    }
    let key = (UInt64(node) << 8 | UInt64(byte)) + 1
    var slot = Self.slot(key) & (keys.count - 1)
    while keys[slot] != key {
      if keys[slot] == 0 { return nil }
      slot = (slot + 1) & (keys.count - 1)
    }
    return targets[slot]
  }

  /// The value at a node, -1 for none.
  @inline(__always)
  func value(_ node: UInt32) -> Int32 { values[Int(node)] }

  /// The longest entry that `text` has at `start`, before `end`: its value and where it ends.
  @inline(__always)
  func longest(_ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> (
    value: Int32, end: Int
  )? {
    var node: UInt32 = 0
    var index = start
    var found: (Int32, Int)?
    while index < end, let next = child(node, text[index]) {
      node = next
      index += 1
      if values[Int(node)] >= 0 { found = (values[Int(node)], index) }
    }
    return found
  }
}
