internal import Glibc

/// The order of names by their bytes.
enum NameOrder {
  /// Whether a name comes before another by its bytes.
  static func precedes(_ left: String, _ right: String) -> Bool {
    let quick = left.utf8.withContiguousStorageIfAvailable { left in
      right.utf8.withContiguousStorageIfAvailable { right -> Bool in
        guard let a = left.baseAddress, let b = right.baseAddress else {
          return left.count < right.count
        }
        let order = memcmp(a, b, min(left.count, right.count))
        return order == 0 ? left.count < right.count : order < 0
      }
    }
    return (quick ?? nil) ?? left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// The members sorted by their names' bytes.
  static func sorted(_ members: [ArchiveMember]) -> [ArchiveMember] {
    // Most archives are in order: then looking costs a fraction of sorting.
    let isSorted = zip(members, members.dropFirst()).allSatisfy { precedes($0.name, $1.name) }
    guard !isSorted, let first = members.first else { return members }
    var common = first.name.utf8.count
    for member in members.dropFirst() {
      common = zip(first.name.utf8.prefix(common), member.name.utf8).prefix { $0 == $1 }.count
    }
    // Numbers are compared and moved, and names only where eight bytes behind what all share do not tell.
    var keys = members.indices.map { (key: key(members[$0].name, from: common), index: $0) }
    keys.sort { left, right in
      left.key == right.key
        ? precedes(members[left.index].name, members[right.index].name) : left.key < right.key
    }
    return keys.map { members[$0.index] }
  }

  /// Eight bytes of a name as a number that sorts as they do; zeros behind its end.
  private static func key(_ name: String, from start: Int) -> UInt64 {
    var (key, count) = (UInt64(0), UInt64(0))
    for byte in name.utf8.dropFirst(start).prefix(8) {
      key = key << 8 | UInt64(byte)
      count += 1
    }
    return key << (8 * (8 - count))
  }
}
