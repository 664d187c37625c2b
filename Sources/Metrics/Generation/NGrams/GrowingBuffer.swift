/// Elements of a trivial type in memory that grows and is used again: scratch space of the hot
/// loops.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  /// Makes room for `count` elements. Elements up to `used` are kept, the others are undefined.
  @inline(__always)
  mutating func reserve(_ count: Int, keeping used: Int = 0) {
    if count > capacity { grow(count, used) }
  }

  private mutating func grow(_ count: Int, _ used: Int) {
    let larger = max(count, capacity * 2)
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    moved.update(from: base, count: used)
    base.deallocate()
    base = moved
    capacity = larger
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }
}
