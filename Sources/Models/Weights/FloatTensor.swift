internal import DSXCore
internal import Kernels

/// A tensor as float32, immutable: the mapped file itself where that is possible, else a copy.
public final class FloatTensor: @unchecked Sendable {
  /// Its shape.
  public let shape: [Int]
  /// Its elements, row-major; valid while this object lives, so whoever keeps the pointer keeps it.
  let elements: UnsafeBufferPointer<Float>
  /// What keeps the memory of a tensor alive that needed no conversion.
  private let stored: TensorBytes?
  private let owned: UnsafeMutableRawPointer?
  private let zeros: ZeroPages?

  /// Reads an entry of a file. Row-major F32 at a multiple of 4 bytes stays in the mapping; everything
  /// else is copied once: F16, BF16 and the quantised types exactly, F64 rounded to nearest.
  ///
  /// Throws `unsupported` for integers, `corrupt` for a damaged packed member.
  init(_ entry: TensorEntry, in file: MappedFile) throws(DSXError) {
    shape = entry.shape
    zeros = nil
    guard entry.type.isFloat else {
      throw DSXError(
        .unsupported, "the tensor '\(entry.name)' holds \(entry.type.rawValue), not floats",
        file: file.path, byte: entry.offset)
    }
    (elements, stored, owned) = Self.read(
      try TensorBytes(entry, in: file), entry.type, entry.count)
  }

  /// Elements of a float type in memory; `shape` has as many.
  init(_ bytes: TensorBytes, _ type: ElementType, _ shape: [Int]) {
    self.shape = shape
    zeros = nil
    (elements, stored, owned) = Self.read(bytes, type, shape.reduce(1, *))
  }

  private static func read(_ raw: TensorBytes, _ type: ElementType, _ count: Int) -> (
    UnsafeBufferPointer<Float>, TensorBytes?, UnsafeMutableRawPointer?
  ) {
    guard count > 0, let base = raw.bytes.baseAddress else {
      return (UnsafeBufferPointer(start: nil, count: 0), nil, nil)
    }
    if type == .f32, UInt(bitPattern: base) % 4 == 0 {
      let floats = base.assumingMemoryBound(to: Float.self)
      return (UnsafeBufferPointer(start: floats, count: count), raw, nil)
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
    let floats = memory.bindMemory(to: Float.self, capacity: count)
    raw.withBytes { convert($0, type, count, into: floats) }
    return (UnsafeBufferPointer(start: floats, count: count), nil, memory)
  }

  /// Zeros: pages of the system that are all the same one, so they take no memory however many they
  /// are. Nil for a shape whose size overflows, or that the system refuses.
  init?(zeros shape: [Int]) {
    guard let count = TensorShape.count(shape), let bytes = ElementType.f32.byteCount(of: count),
      let zeros = ZeroPages(count: max(1, bytes))
    else { return nil }
    self.shape = shape
    elements = UnsafeBufferPointer(
      start: count == 0 ? nil : zeros.base.assumingMemoryBound(to: Float.self), count: count)
    stored = nil
    owned = nil
    self.zeros = zeros
  }

  deinit { owned?.deallocate() }

  private static func convert(
    _ bytes: UnsafeRawBufferPointer, _ type: ElementType, _ count: Int,
    into floats: UnsafeMutablePointer<Float>
  ) {
    guard let base = bytes.baseAddress else { return }
    switch type {
    case .f16: dsx_half_to_float(base, floats, count)
    case .bf16: dsx_bfloat16_to_float(base, floats, count)
    case .f64:
      for index in 0..<count {
        floats[index] = Float(base.loadUnaligned(fromByteOffset: index * 8, as: Double.self))
      }
    case .f32: UnsafeMutableRawPointer(floats).copyMemory(from: base, byteCount: count * 4)
    default: BlockQuantization.decode(type, base, blocks: count / type.blockElements, into: floats)
    }
  }

  /// Reads the elements, row-major; the pointer is valid inside `body` only.
  public func withElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(elements)
  }
}
