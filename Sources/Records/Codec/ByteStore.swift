/// A growable run of raw bytes with one owner: appending never initialises what it will overwrite.
struct ByteStore: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 1 << 16) {
    self.capacity = max(capacity, 64)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// What is stored, valid until the next append.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Room for `extra` more bytes; returns where they go. Call `advance` with what was written.
  @inline(__always)
  mutating func room(_ extra: Int) -> UnsafeMutablePointer<UInt8> {
    if count + extra > capacity { grow(extra) }
    return base + count
  }

  private mutating func grow(_ extra: Int) {
    capacity = max(count + extra, capacity * 2)
    let bigger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    bigger.update(from: base, count: count)
    base.deallocate()
    base = bigger
  }

  /// Takes over bytes that were written at `room`.
  @inline(__always)
  mutating func advance(_ written: Int) { count += written }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    room(1).pointee = byte
    count += 1
  }

  @inline(__always)
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let from = bytes.baseAddress, bytes.count > 0 else { return }
    UnsafeMutableRawPointer(room(bytes.count)).copyMemory(from: from, byteCount: bytes.count)
    count += bytes.count
  }

  /// Appends the bytes of an integer in memory order: pass `.littleEndian` or `.bigEndian`.
  @inline(__always)
  mutating func append<T: FixedWidthInteger>(raw value: T) {
    UnsafeMutableRawPointer(room(MemoryLayout<T>.size)).storeBytes(of: value, as: T.self)
    count += MemoryLayout<T>.size
  }

  /// Overwrites an integer that was appended before, in memory order.
  @inline(__always)
  func patch<T: FixedWidthInteger>(_ value: T, at position: Int) {
    UnsafeMutableRawPointer(base + position).storeBytes(of: value, as: T.self)
  }

  /// Forgets everything from `position` on.
  mutating func truncate(to position: Int) { count = min(count, position) }

  /// Forgets everything; keeps the memory.
  mutating func removeAll() { count = 0 }
}
