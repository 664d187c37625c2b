/// The parts of groups of chunks, made in any order.
struct CSVPartGroups {
  private var parts: [[CSVLoad.Part]]
  private var kinds: [[CSVKind]]
  /// The first group that does not end where the next one was guessed to begin: those behind it are of no use.
  private var last = Int.max
  /// The kinds of rows before the first group.
  private let known: [CSVKind]

  init(count: Int, known: [CSVKind]) {
    parts = Array(repeating: [], count: count)
    kinds = Array(repeating: [], count: count)
    self.known = known
  }

  /// What the cells before a group are, as far as it is known; nil where the group is of no use. Groups behind tell
  /// nothing: their starts may be wrong.
  func known(before group: Int) -> [CSVKind]? {
    guard group <= last else { return nil }
    var known = known
    for kinds in kinds[..<group] {
      for (index, kind) in kinds.enumerated() { known[index].formUnion(kind) }
    }
    return known
  }

  /// Takes the parts of a group behind which `next` was guessed to be a row's start, or behind which nothing was.
  mutating func add(_ more: [CSVLoad.Part], _ group: Int, next: Int?) {
    let ends = more.dropFirst().map(\.start) + [next ?? more.last?.end ?? 0]
    let good = zip(more, ends).prefix { $0.end == $1 }.count
    if good < more.count { last = min(last, group) }
    let kept = Array(more.prefix(good + 1))
    parts[group] = kept
    kinds[group] = kept.dropFirst().reduce(into: kept.first?.kinds ?? []) { kinds, part in
      for (index, kind) in part.kinds.enumerated() { kinds[index].formUnion(kind) }
    }
  }

  /// Whether every guess was right.
  var isWhole: Bool { last == .max }

  /// The parts in order, up to the first whose end was guessed wrong.
  var joined: [CSVLoad.Part] {
    Array(parts.prefix(isWhole ? parts.count : last + 1).joined())
  }
}
