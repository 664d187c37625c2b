internal import DSXCore
internal import Glibc
internal import Kernels

/// A tensor as float32, immutable: the mapped file itself where that is possible, else a copy.
public final class FloatTensor: @unchecked Sendable {
  /// Its shape.
  public let shape: [Int]
  /// Its elements, row-major; valid while this object lives, so whoever keeps the pointer keeps it.
  let elements: UnsafeBufferPointer<Float>
  /// What keeps a mapped tensor's memory alive.
  private let file: MappedFile?
  private let owned: UnsafeMutableRawPointer?

  /// Reads an entry of a file. F32 at a multiple of 4 bytes stays in the mapping; F16, BF16, F64
  /// and F32 at odd places are copied once.
  ///
  /// Throws `unsupported` for integers.
  init(_ entry: SafetensorsFile.Entry, in source: SafetensorsFile) throws(DSXError) {
    shape = entry.shape
    let bytes = UnsafeRawBufferPointer(rebasing: source.file.bytes[entry.bytes])
    let count = entry.count
    guard entry.type.isFloat else {
      throw DSXError(
        .unsupported, "the tensor '\(entry.name)' holds \(entry.type.rawValue), not floats",
        file: source.file.path, byte: entry.bytes.lowerBound)
    }
    guard count > 0, let base = bytes.baseAddress else {
      elements = UnsafeBufferPointer(start: nil, count: 0)
      file = nil
      owned = nil
      return
    }
    if entry.type == .f32, UInt(bitPattern: base) % 4 == 0 {
      elements = UnsafeBufferPointer(start: base.assumingMemoryBound(to: Float.self), count: count)
      file = source.file
      owned = nil
      return
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
    let floats = memory.bindMemory(to: Float.self, capacity: count)
    switch entry.type {
    case .f16: dsx_half_to_float(base, floats, count)
    case .bf16: dsx_bfloat16_to_float(base, floats, count)
    case .f64:
      for index in 0..<count {
        floats[index] = Float(base.loadUnaligned(fromByteOffset: index * 8, as: Double.self))
      }
    default: memory.copyMemory(from: base, byteCount: count * 4)
    }
    elements = UnsafeBufferPointer(start: floats, count: count)
    owned = memory
    file = nil
  }

  deinit { owned?.deallocate() }

  /// Reads the elements, row-major; the pointer is valid inside `body` only.
  public func withElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(elements)
  }
}
