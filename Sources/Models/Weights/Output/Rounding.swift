/// Rounding of floats to shorter types: to nearest, ties to even, and once. Each gives the place of the
/// first finite number that became infinite, or nil.
enum Rounding {
  static func halves(
    _ floats: UnsafeBufferPointer<Float>, into memory: UnsafeMutableRawBufferPointer
  ) -> Int? {
    var overflow: Int?
    for index in floats.indices {
      let half = Float16(floats[index])
      if half.isInfinite, floats[index].isFinite, overflow == nil { overflow = index }
      memory.storeBytes(
        of: half.bitPattern.littleEndian, toByteOffset: index * 2, as: UInt16.self)
    }
    return overflow
  }

  static func brains(
    _ floats: UnsafeBufferPointer<Float>, into memory: UnsafeMutableRawBufferPointer
  ) -> Int? {
    var overflow: Int?
    for index in floats.indices {
      let bits = floats[index].bitPattern
      // A NaN stays one: rounding could carry it into an infinity.
      let short =
        floats[index].isNaN
        ? UInt16(truncatingIfNeeded: bits >> 16) | 0x40
        : UInt16(truncatingIfNeeded: (bits + 0x7fff + ((bits >> 16) & 1)) >> 16)
      if short & 0x7fff == 0x7f80, floats[index].isFinite, overflow == nil { overflow = index }
      memory.storeBytes(of: short.littleEndian, toByteOffset: index * 2, as: UInt16.self)
    }
    return overflow
  }

  static func copy(
    _ floats: UnsafeBufferPointer<Float>, into memory: UnsafeMutableRawBufferPointer
  ) -> Int? {
    memory.copyMemory(from: UnsafeRawBufferPointer(floats))
    return nil
  }

  // MARK: doubles

  /// Little-endian doubles as float32.
  static func singles(
    _ doubles: UnsafeRawBufferPointer, into memory: UnsafeMutableRawBufferPointer
  ) -> Int? {
    var overflow: Int?
    for index in 0..<doubles.count / 8 {
      let double = double(doubles, index)
      let single = Float(double)
      if single.isInfinite, double.isFinite, overflow == nil { overflow = index }
      memory.storeBytes(of: single.bitPattern, toByteOffset: index * 4, as: UInt32.self)
    }
    return overflow
  }

  /// Little-endian doubles as a type of two bytes, by way of floats that `round` takes a piece at a time.
  static func shorts(
    _ doubles: UnsafeRawBufferPointer, into memory: UnsafeMutableRawBufferPointer,
    _ round: (UnsafeBufferPointer<Float>, UnsafeMutableRawBufferPointer) -> Int?
  ) -> Int? {
    let (count, piece) = (doubles.count / 8, 4096)
    var overflow: Int?
    withUnsafeTemporaryAllocation(of: Float.self, capacity: piece) { floats in
      for start in stride(from: 0, to: count, by: piece) {
        let size = min(piece, count - start)
        for index in 0..<size {
          floats.initializeElement(at: index, to: sticky(double(doubles, start + index)))
        }
        let first = round(
          UnsafeBufferPointer(rebasing: floats[..<size]),
          UnsafeMutableRawBufferPointer(rebasing: memory[2 * start..<2 * (start + size)]))
        if let first, overflow == nil { overflow = start + first }
      }
    }
    return overflow
  }

  static func double(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Double {
    Double(
      bitPattern: UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)))
  }

  /// A double cut to float32, with the last bit set where something was cut off: rounded again to fewer
  /// bits it gives what rounding the double would.
  static func sticky(_ double: Double) -> Float {
    let near = Float(double)
    guard double.isFinite, Double(near) != double else { return near }
    let cut = Double(near).magnitude > double.magnitude ? near.bitPattern - 1 : near.bitPattern
    return Float(bitPattern: cut | 1)
  }
}
