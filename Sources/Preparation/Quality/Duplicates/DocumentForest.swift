/// Sets of documents that belong together, as a forest in which every root is the first document of its
/// set. Four bytes a document.
struct DocumentForest {
  private var parents: [UInt32]

  /// Every document for itself; at most 2^32 of them.
  init(count: Int) { parents = (0..<count).map { UInt32($0) } }

  /// The first document of the set. Shortens the way as it goes.
  mutating func first(_ document: Int) -> Int {
    parents.withUnsafeMutableBufferPointer { parents in
      var index = document
      while Int(parents[index]) != index {
        let parent = Int(parents[index])
        parents[index] = parents[parent]
        index = Int(parents[index])
      }
      return index
    }
  }

  /// Puts two sets together.
  mutating func join(_ one: Int, _ two: Int) {
    let (a, b) = (first(one), first(two))
    if a < b { parents[b] = UInt32(a) } else if b < a { parents[a] = UInt32(b) }
  }
}
