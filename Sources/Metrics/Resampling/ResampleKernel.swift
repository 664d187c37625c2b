/// Sums of chosen rows of a dense matrix, in vector registers.
///
/// Rows have a stride of 4, 8 or a multiple of 16 numbers; a block of columns is summed over all
/// draws before the next one, so that the sums never leave the registers.
enum ResampleKernel {
  static func sum(_ numbers: [Int32], stride: Int, _ drawn: [UInt32]) -> [Int32] {
    var sums = [Int32](repeating: 0, count: stride)
    switch stride {
    case 4: add(SIMD4<Int32>.self, numbers, stride, drawn, &sums)
    case 8: add(SIMD8<Int32>.self, numbers, stride, drawn, &sums)
    default: add(SIMD16<Int32>.self, numbers, stride, drawn, &sums)
    }
    return sums
  }

  static func sum(_ numbers: [Double], stride: Int, _ drawn: [UInt32]) -> [Double] {
    var sums = [Double](repeating: 0, count: stride)
    switch stride {
    case 4: add(SIMD4<Double>.self, numbers, stride, drawn, &sums)
    default: add(SIMD8<Double>.self, numbers, stride, drawn, &sums)
    }
    return sums
  }

  static func sum(_ numbers: [Float], stride: Int, _ drawn: [UInt32]) -> [Float] {
    var sums = [Float](repeating: 0, count: stride)
    switch stride {
    case 4: add(SIMD4<Float>.self, numbers, stride, drawn, &sums)
    case 8: add(SIMD8<Float>.self, numbers, stride, drawn, &sums)
    default: add(SIMD16<Float>.self, numbers, stride, drawn, &sums)
    }
    return sums
  }

  @inline(__always)
  private static func add<Lanes: SIMD>(
    _: Lanes.Type, _ numbers: [Lanes.Scalar], _ stride: Int, _ drawn: [UInt32],
    _ sums: inout [Lanes.Scalar]
  ) where Lanes.Scalar: FixedWidthInteger {
    let size = MemoryLayout<Lanes.Scalar>.stride
    numbers.withUnsafeBytes { rows in
      drawn.withUnsafeBufferPointer { drawn in
        for column in Swift.stride(from: 0, to: stride, by: Lanes.scalarCount) {
          var total = Lanes.zero
          for row in drawn {
            let place = (Int(row) &* stride &+ column) &* size
            total &+= rows.loadUnaligned(fromByteOffset: place, as: Lanes.self)
          }
          for lane in 0..<Lanes.scalarCount { sums[column + lane] = total[lane] }
        }
      }
    }
  }

  @inline(__always)
  private static func add<Lanes: SIMD>(
    _: Lanes.Type, _ numbers: [Lanes.Scalar], _ stride: Int, _ drawn: [UInt32],
    _ sums: inout [Lanes.Scalar]
  ) where Lanes.Scalar: FloatingPoint {
    let size = MemoryLayout<Lanes.Scalar>.stride
    numbers.withUnsafeBytes { rows in
      drawn.withUnsafeBufferPointer { drawn in
        for column in Swift.stride(from: 0, to: stride, by: Lanes.scalarCount) {
          var total = Lanes.zero
          for row in drawn {
            let place = (Int(row) &* stride &+ column) &* size
            total += rows.loadUnaligned(fromByteOffset: place, as: Lanes.self)
          }
          for lane in 0..<Lanes.scalarCount { sums[column + lane] = total[lane] }
        }
      }
    }
  }
}
