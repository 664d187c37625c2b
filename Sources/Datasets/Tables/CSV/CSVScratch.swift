/// Working memory of one thread that makes chunks: borders and row ends as the kernel writes them.
final class CSVScratch {
  private(set) var borders: UnsafeMutablePointer<UInt32>
  private(set) var rowEnds: UnsafeMutablePointer<UInt32>
  private var capacity = 1

  init() {
    borders = .allocate(capacity: 1)
    rowEnds = .allocate(capacity: 1)
  }

  deinit {
    borders.deallocate()
    rowEnds.deallocate()
  }

  /// Makes room for the index of `count` bytes.
  func reserve(_ count: Int) {
    let wanted = count + 128
    guard wanted > capacity else { return }
    borders.deallocate()
    rowEnds.deallocate()
    borders = .allocate(capacity: wanted)
    rowEnds = .allocate(capacity: wanted)
    capacity = wanted
  }

  /// The position of the border that ends row `row`.
  func rowEnd(_ row: Int) -> Int { Int(borders[Int(rowEnds[row]) - 1]) }
}
