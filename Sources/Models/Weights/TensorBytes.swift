internal import Archives
internal import DSXCore

/// The elements of a tensor as bytes, row-major and little-endian: the mapped file itself where it
/// holds them so, else a copy. Immutable.
public final class TensorBytes: @unchecked Sendable {
  /// The bytes; valid while this object lives, so whoever keeps the pointer keeps it.
  let bytes: UnsafeRawBufferPointer
  /// What keeps a mapped tensor's memory alive.
  private let file: MappedFile?
  private let owned: UnsafeMutableRawBufferPointer?

  /// Memory: nothing for a tensor that lies row-major in one piece, else its size (twice that for a
  /// deflated one that must be turned).
  ///
  /// Throws `corrupt` when a deflated member is damaged.
  init(_ entry: TensorEntry, in file: MappedFile) throws(DSXError) {
    let place = entry.place
    if place.strides == nil, !place.isBigEndian, !place.isNegated,
      case .mapped(let pieces) = place.source,
      pieces.count <= 1
    {
      bytes =
        pieces.first.map { UnsafeRawBufferPointer(rebasing: file.bytes[$0]) }
        ?? UnsafeRawBufferPointer(start: nil, count: 0)
      self.file = file
      owned = nil
      return
    }
    let memory: UnsafeMutableRawBufferPointer
    if case .mapped(let pieces) = place.source, pieces.count == 1, let strides = place.strides {
      // Straight from the mapping: no copy in between.
      memory = Self.room(entry.byteCount)
      Self.gather(
        UnsafeRawBufferPointer(rebasing: file.bytes[pieces[0]]), entry, strides, into: memory)
    } else {
      let raw = try Self.collect(entry, file)
      if let strides = place.strides {
        defer { raw.deallocate() }
        memory = Self.room(entry.byteCount)
        Self.gather(UnsafeRawBufferPointer(raw), entry, strides, into: memory)
      } else {
        memory = raw
      }
    }
    if place.isBigEndian { Self.swap(memory, size: entry.type.blockBytes) }
    if place.isNegated { Self.negate(memory, entry.type) }
    bytes = UnsafeRawBufferPointer(memory)
    owned = memory
    self.file = nil
  }

  /// Bytes that were made, and are freed with this object.
  init(owning memory: UnsafeMutableRawBufferPointer) {
    bytes = UnsafeRawBufferPointer(memory)
    owned = memory
    file = nil
  }

  deinit { owned?.deallocate() }

  /// Reads the bytes; the pointer is valid inside `body` only.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  private static func room(_ count: Int) -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: count, alignment: 64)
  }

  /// The bytes in the order of the file, in one piece.
  private static func collect(_ entry: TensorEntry, _ file: MappedFile) throws(DSXError)
    -> UnsafeMutableRawBufferPointer
  {
    switch entry.place.source {
    case .mapped(let pieces):
      let memory = room(pieces.reduce(0) { $0 + $1.count })
      var position = 0
      for piece in pieces {
        UnsafeMutableRawBufferPointer(rebasing: memory[position...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: file.bytes[piece]))
        position += piece.count
      }
      return memory
    case .packed(let member, let range):
      let unpacked = room(member.size)
      do throws(DSXError) {
        try member.unpack(file.bytes, into: unpacked)
      } catch {
        unpacked.deallocate()
        throw error.inFile(file.path)
      }
      if range == 0..<unpacked.count { return unpacked }
      defer { unpacked.deallocate() }
      let memory = room(range.count)
      memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: unpacked[range]))
      return memory
    }
  }

  /// Copies elements that lie `strides` apart into row-major order.
  private static func gather(
    _ source: UnsafeRawBufferPointer, _ entry: TensorEntry, _ strides: [Int],
    into target: UnsafeMutableRawBufferPointer
  ) {
    guard entry.count > 0, let from = source.baseAddress, let to = target.baseAddress else {
      return
    }
    switch entry.type.blockBytes {
    case 8: gather(UInt64.self, from, entry.shape, strides, to)
    case 4: gather(UInt32.self, from, entry.shape, strides, to)
    case 2: gather(UInt16.self, from, entry.shape, strides, to)
    default: gather(UInt8.self, from, entry.shape, strides, to)
    }
  }

  /// Wraps where a dimension of size 1 has a stride of any size: it comes back to where it was.
  private static func gather<Word: FixedWidthInteger>(
    _: Word.Type, _ from: UnsafeRawPointer, _ shape: [Int], _ strides: [Int],
    _ to: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<Word>.size
    let (width, step) = (shape.last ?? 1, (strides.last ?? 1) &* size)
    var position = [Int](repeating: 0, count: max(0, shape.count - 1))
    var start = 0
    var target = to
    while true {
      for column in 0..<width {
        target.storeBytes(
          of: from.loadUnaligned(fromByteOffset: start &* size &+ column &* step, as: Word.self),
          as: Word.self)
        target += size
      }
      // The next row: the slowest dimension is first.
      var axis = position.count - 1
      while axis >= 0 {
        position[axis] += 1
        start &+= strides[axis]
        if position[axis] < shape[axis] { break }
        start &-= shape[axis] &* strides[axis]
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// Floats lose or gain their sign, of integers two's complement is taken.
  private static func negate(_ memory: UnsafeMutableRawBufferPointer, _ type: ElementType) {
    switch type.blockBytes {
    case 8: negate(UInt64.self, memory, type.isFloat)
    case 4: negate(UInt32.self, memory, type.isFloat)
    case 2: negate(UInt16.self, memory, type.isFloat)
    default: negate(UInt8.self, memory, type.isFloat)
    }
  }

  private static func negate<Word: FixedWidthInteger>(
    _: Word.Type, _ memory: UnsafeMutableRawBufferPointer, _ isFloat: Bool
  ) {
    for index in stride(from: 0, to: memory.count, by: MemoryLayout<Word>.size) {
      let word = memory.load(fromByteOffset: index, as: Word.self)
      let other = isFloat ? word ^ (1 << (Word.bitWidth - 1)) : 0 &- word
      memory.storeBytes(of: other, toByteOffset: index, as: Word.self)
    }
  }

  private static func swap(_ memory: UnsafeMutableRawBufferPointer, size: Int) {
    switch size {
    case 8: swap(UInt64.self, memory)
    case 4: swap(UInt32.self, memory)
    case 2: swap(UInt16.self, memory)
    default: break
    }
  }

  private static func swap<Word: FixedWidthInteger>(
    _: Word.Type, _ memory: UnsafeMutableRawBufferPointer
  ) {
    for index in stride(from: 0, to: memory.count, by: MemoryLayout<Word>.size) {
      let word = memory.load(fromByteOffset: index, as: Word.self)
      memory.storeBytes(of: word.byteSwapped, toByteOffset: index, as: Word.self)
    }
  }
}
