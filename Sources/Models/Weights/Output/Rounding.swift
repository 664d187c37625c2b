/// Rounding of float32 to shorter types: to nearest, ties to even. Each gives the first finite number
/// that became infinite, or nil.
enum Rounding {
  static func halves(
    _ floats: UnsafeBufferPointer<Float>, into memory: UnsafeMutableRawBufferPointer
  ) -> Float? {
    var overflow: Float?
    for index in floats.indices {
      let half = Float16(floats[index])
      if half.isInfinite, floats[index].isFinite, overflow == nil { overflow = floats[index] }
      memory.storeBytes(
        of: half.bitPattern.littleEndian, toByteOffset: index * 2, as: UInt16.self)
    }
    return overflow
  }

  static func brains(
    _ floats: UnsafeBufferPointer<Float>, into memory: UnsafeMutableRawBufferPointer
  ) -> Float? {
    var overflow: Float?
    for index in floats.indices {
      let bits = floats[index].bitPattern
      // A NaN stays one: rounding could carry it into an infinity.
      let short =
        floats[index].isNaN
        ? UInt16(truncatingIfNeeded: bits >> 16) | 0x40
        : UInt16(truncatingIfNeeded: (bits + 0x7fff + ((bits >> 16) & 1)) >> 16)
      if short & 0x7fff == 0x7f80, floats[index].isFinite, overflow == nil {
        overflow = floats[index]
      }
      memory.storeBytes(of: short.littleEndian, toByteOffset: index * 2, as: UInt16.self)
    }
    return overflow
  }

  static func copy(
    _ floats: UnsafeBufferPointer<Float>, into memory: UnsafeMutableRawBufferPointer
  ) -> Float? {
    memory.copyMemory(from: UnsafeRawBufferPointer(floats))
    return nil
  }
}
