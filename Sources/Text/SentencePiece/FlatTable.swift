/// A table that never changes, in memory of its own: reading it counts no references and checks no
/// bounds, so an index has to be known to be inside. For the innermost loops of encoders.
///
/// `base` is valid as long as the table is.
final class FlatTable<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  let base: UnsafePointer<Element>
  let count: Int
  private let storage: UnsafeMutablePointer<Element>

  init(_ elements: [Element]) {
    count = elements.count
    // At least one, so that an empty table has an address too.
    let storage = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    self.storage = storage
    base = UnsafePointer(storage)
    elements.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { storage.initialize(from: start, count: source.count) }
    }
  }

  deinit { storage.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Element { base[index] }
}
