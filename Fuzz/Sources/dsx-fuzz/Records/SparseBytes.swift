/// Bytes with their runs of zeros written short: data files and databases are mostly padding, which would
/// make inputs long and mutations miss.
///
/// | written | means |
/// |---|---|
/// | 0, k below 128 | k + 1 zeros |
/// | 0, k from 128 on | (k - 127) * 512 zeros |
/// | another byte | itself |
enum SparseBytes {
  /// No input becomes longer.
  private static let longest = 96 << 10

  static func expanded(_ input: UnsafeRawBufferPointer) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 << 10)
    var index = 0
    while index < input.count, bytes.count < longest {
      if input[index] != 0 {
        bytes.append(input[index])
        index += 1
        continue
      }
      let count = index + 1 < input.count ? Int(input[index + 1]) : 0
      let zeros = count < 128 ? count + 1 : (count - 127) * 512
      bytes.append(contentsOf: repeatElement(0, count: zeros))
      index += 2
    }
    return bytes
  }
}
