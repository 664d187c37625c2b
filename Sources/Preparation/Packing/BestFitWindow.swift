/// Rests of documents that are placed together: best-fit decreasing, as in "Fewer Truncations Improve
/// Language Modeling" (Ding et al. 2024).
///
/// The longest rest comes first; each goes to the row with the least room that still holds it, else to
/// a new one. Equal lengths keep the order of the documents, and so do the rests of a row and the rows
/// (by their first document), so the result depends on the documents alone. n log n for n rests.
struct BestFitWindow {
  private let length: Int
  private let hasLabels: Bool
  private var ids: [Int32] = []
  private var labels: [Int32] = []
  private var starts = [0]

  init(length: Int, hasLabels: Bool) {
    self.length = length
    self.hasLabels = hasLabels
  }

  /// Ids that wait.
  var count: Int { ids.count }

  /// Adds a rest that is shorter than a row.
  mutating func add(_ rest: UnsafeBufferPointer<Int32>, labels: UnsafeBufferPointer<Int32>?) {
    ids.append(contentsOf: rest)
    if hasLabels { self.labels.append(contentsOf: labels ?? rest) }
    starts.append(ids.count)
  }

  /// Puts all rests into rows, each a segment, and forgets them; `fill` pads the rows.
  mutating func place(into builder: inout RowBuilder, fill: Bool) {
    for row in assignment() {
      for rest in row {
        let range = starts[rest]..<starts[rest + 1]
        ids.withUnsafeBufferPointer { ids in
          labels.withUnsafeBufferPointer { labels in
            builder.add(
              UnsafeBufferPointer(rebasing: ids[range]),
              labels: hasLabels ? UnsafeBufferPointer(rebasing: labels[range]) : nil)
          }
        }
        builder.endSegment()
      }
      builder.closeRow(fill: fill)
    }
    ids.removeAll(keepingCapacity: true)
    labels.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
  }

  /// The rests of each row.
  private func assignment() -> [[Int]] {
    func size(_ rest: Int) -> Int { starts[rest + 1] - starts[rest] }
    let order = (0..<starts.count - 1).sorted { (size($1), $0) < (size($0), $1) }
    var rows: [[Int]] = []
    var open = RoomIndex(length: length)
    for rest in order {
      let need = size(rest)
      let row: Int
      let room: Int
      if let (found, left) = open.take(atLeast: need) {
        (row, room) = (found, left)
        rows[row].append(rest)
      } else {
        (row, room) = (rows.count, length)
        rows.append([rest])
      }
      if room > need { open.add(row, room: room - need) }
    }
    for row in rows.indices { rows[row].sort() }
    return rows.sorted { $0[0] < $1[0] }
  }
}

/// Rows by the room that they have left: finds the least room that is enough, in a few steps.
private struct RoomIndex {
  private var rows: [Int: [Int]] = [:]
  /// Bit r of level 0 says that a row with room r is there; bit w of level n + 1 that word w of level n
  /// is not 0.
  private var levels: [[UInt64]] = []

  init(length: Int) {
    var bits = length + 1
    repeat {
      bits = (bits + 63) / 64
      levels.append([UInt64](repeating: 0, count: bits))
    } while bits > 1
  }

  mutating func add(_ row: Int, room: Int) {
    rows[room, default: []].append(row)
    var bit = room
    for level in levels.indices {
      levels[level][bit / 64] |= 1 << UInt64(bit % 64)
      bit /= 64
    }
  }

  /// Takes out a row with the least room of at least `need`: the one that got that room last.
  mutating func take(atLeast need: Int) -> (row: Int, room: Int)? {
    guard let room = next(need), let row = rows[room]?.popLast() else { return nil }
    if rows[room]?.isEmpty == true {
      rows[room] = nil
      var bit = room
      for level in levels.indices {
        levels[level][bit / 64] &= ~(1 << UInt64(bit % 64))
        guard levels[level][bit / 64] == 0 else { break }
        bit /= 64
      }
    }
    return (row, room)
  }

  /// The lowest set bit of level 0 from `start` on.
  private func next(_ start: Int) -> Int? {
    var (level, bit) = (0, start)
    while level < levels.count {
      let word = bit / 64
      guard word < levels[level].count else { return nil }
      let rest = (levels[level][word] >> UInt64(bit % 64)) << UInt64(bit % 64)
      if rest != 0 {
        bit = word * 64 + rest.trailingZeroBitCount
        while level > 0 {
          level -= 1
          bit = bit * 64 + levels[level][bit].trailingZeroBitCount
        }
        return bit
      }
      level += 1
      bit = word + 1
    }
    return nil
  }
}
