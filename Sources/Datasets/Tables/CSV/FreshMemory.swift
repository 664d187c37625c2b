internal import Glibc

/// Memory that was just taken for values which are about to be written.
enum FreshMemory {
  private static let page = 4096
  /// Below this, what is asked of the system costs more than it saves.
  private static let least = 32 * page
  /// From here on a good part of the memory lies in whole huge pages of 2 MiB.
  private static let large = 4 << 20

  /// Gives an array room for `count` elements, the new ones mapped.
  static func reserve<Element>(_ count: Int, in array: inout [Element]) {
    array.reserveCapacity(count)
    array.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { prepare(base, count) }
    }
  }

  /// Copies an array of which more than an eighth is room for nothing.
  static func giveBack<Element>(_ array: inout [Element]) {
    let spare = array.capacity - array.count
    guard spare * MemoryLayout<Element>.stride > 1 << 16, spare > array.count / 8 else { return }
    array = array.withUnsafeBufferPointer { Array($0) }
  }

  /// Has the system map `count` elements from `base` on in one go, large areas as huge pages: a fault for
  /// each page would cost more than writing the values.
  private static func prepare<Element>(_ base: UnsafeMutablePointer<Element>, _ count: Int) {
    let bytes = count * MemoryLayout<Element>.stride
    guard bytes >= least else { return }
    let start = (UInt(bitPattern: base) + UInt(page - 1)) & ~UInt(page - 1)
    let end = (UInt(bitPattern: base) + UInt(bytes)) & ~UInt(page - 1)
    let area = UnsafeMutableRawPointer(bitPattern: start)
    // A system that does not know a request goes without.
    if bytes >= large { madvise(area, Int(end - start), MADV_HUGEPAGE) }
    madvise(area, Int(end - start), MADV_POPULATE_WRITE)
  }
}
