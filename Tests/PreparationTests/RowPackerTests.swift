import DSXCore
import Testing

@testable import Preparation

@Suite struct RowPackerTests {
  /// A row with its segments, as the tests compare them.
  private struct Row: Equatable {
    var ids: [Int32]
    var ends: [Int32]
  }

  private func documents(_ random: inout PCG64, _ count: Int, upTo length: Int) -> [[Int32]] {
    (0..<count).map { number in
      (0..<1 + random.below(length)).map { Int32(number * 1000 + $0) }
    }
  }

  private func pack(
    _ documents: [(ids: [Int32], file: Int)], _ settings: RowPacker.Settings
  ) -> (rows: [Row], packer: RowPacker) {
    var packer = RowPacker(settings)
    var rows: [Row] = []
    func take(all: Bool) {
      while let packed = packer.take(all: all) {
        for row in 0..<packed.rows {
          rows.append(
            Row(
              ids: Array(packed.ids[packed.offsets[row]..<packed.offsets[row + 1]]),
              ends: Array(packed.ends[packed.endOffsets[row]..<packed.endOffsets[row + 1]])))
        }
      }
    }
    for (number, document) in documents.enumerated() {
      document.ids.withUnsafeBufferPointer { packer.add($0, file: document.file) }
      take(all: number % 3 == 0)
    }
    packer.finish()
    take(all: true)
    return (rows, packer)
  }

  /// Random documents in random files against plain concatenation, for the three tails.
  @Test(arguments: TailPolicy.allCases, [PackingRule.concat, .carry])
  func equalsConcatenation(tail: TailPolicy, rule: PackingRule) {
    var random = PCG64(seed: 7)
    for _ in 0..<60 {
      let length = 1 + random.below(9)
      var file = 0
      let input = documents(&random, random.below(12), upTo: 30).map { ids in
        file += random.below(3) == 0 ? 1 : 0
        return (ids: ids, file: file)
      }
      var streams: [Int: [Int32]] = [:]
      for (ids, file) in input { streams[rule == .concat ? file : 0, default: []] += ids }
      let (rows, packer) = pack(
        input, RowPacker.Settings(length: length, rule: rule, tail: tail, pad: -7))
      var (expected, dropped, padding) = ([[Int32]](), 0, 0)
      for stream in streams.sorted(by: { $0.key < $1.key }).map(\.value) {
        let (whole, rest) = Oracle.rows(stream, length)
        expected += whole
        guard !rest.isEmpty else { continue }
        switch tail {
        case .drop: dropped += rest.count
        case .keep: expected.append(rest)
        case .pad:
          padding += length - rest.count
          expected.append(rest + Array(repeating: -7, count: length - rest.count))
        }
      }
      #expect(rows.map(\.ids) == expected)
      #expect(packer.rows == expected.count)
      #expect(packer.droppedTokens == dropped && packer.paddingTokens == padding)
      for row in rows { expectSegments(row) }
    }
  }

  /// A segment ends where the ids of another document begin (ids tell their document), and at padding.
  private func expectSegments(_ row: Row) {
    var ends: [Int32] = []
    for (position, id) in row.ids.enumerated() where id >= 0 {
      let next = position + 1 < row.ids.count ? row.ids[position + 1] : -1
      // The next id of the same document is one more.
      if next != id + 1 { ends.append(Int32(position + 1)) }
    }
    #expect(row.ends == ends)
  }

  @Test(arguments: [TailPolicy.pad, .keep])
  func padGivesEveryDocumentRowsOfItsOwn(tail: TailPolicy) {
    var random = PCG64(seed: 3)
    let input = documents(&random, 40, upTo: 25)
    let (rows, packer) = pack(
      input.map { ($0, 0) }, RowPacker.Settings(length: 8, rule: .pad, tail: tail, pad: -7))
    var (expected, padding) = ([[Int32]](), 0)
    for document in input {
      let (whole, rest) = Oracle.rows(document, 8)
      expected += whole
      guard !rest.isEmpty else { continue }
      let missing = tail == .pad ? 8 - rest.count : 0
      padding += missing
      expected.append(rest + Array(repeating: -7, count: missing))
    }
    #expect(rows.map(\.ids) == expected)
    #expect(packer.paddingTokens == padding && packer.droppedTokens == 0)
    for row in rows { expectSegments(row) }
  }

  /// Every id is in exactly one row, documents that fit are whole, and no two rows that are open could
  /// have been one: what best-fit decreasing promises within a window.
  @Test(arguments: [1 << 22, 100])
  func bestFitKeepsDocumentsWhole(window: Int) {
    var random = PCG64(seed: 11)
    for length in [1, 2, 7, 64, 65, 200] {
      let input = documents(&random, 150, upTo: length * 2)
      var settings = RowPacker.Settings(length: length, rule: .bestFit, tail: .pad, pad: -7)
      settings.windowTokens = window
      let (rows, packer) = pack(input.map { ($0, 0) }, settings)
      let placed = rows.flatMap(\.ids).filter { $0 >= 0 }
      #expect(placed.sorted() == input.flatMap { $0 }.sorted())
      #expect(rows.allSatisfy { $0.ids.count == length })
      #expect(packer.paddingTokens == rows.count * length - placed.count)
      for row in rows { expectSegments(row) }
      for document in input where document.count < length {
        #expect(rows.contains { row in row.ids.contains(document[0]) && row.ids.contains(document[document.count - 1]) })
      }
      guard window > 100 else { continue }
      let free = rows.map { row in row.ids.filter { $0 < 0 }.count }
      let half = free.filter { $0 * 2 >= length && $0 > 0 }.count
      #expect(half <= 1, "two rows are half empty: \(free)")
    }
  }

  @Test func columnsFollowTheSegments() {
    let (rows, _) = pack(
      [([10, 11, 12], 0), ([20, 21], 0), ([30, 31, 32, 33], 0)],
      RowPacker.Settings(length: 6, tail: .pad, pad: 9))
    #expect(rows.map(\.ids) == [[10, 11, 12, 20, 21, 30], [31, 32, 33, 9, 9, 9]])
    var packed = PackedRows()
    for row in rows {
      packed.ids += row.ids
      packed.offsets.append(packed.ids.count)
      packed.ends += row.ends
      packed.endOffsets.append(packed.ends.count)
    }
    let columns = RowColumn.allCases
    let batch = packed.batch(PackedRows.schema("input_ids", columns), columns, firstRow: 0)
    func values(_ name: String) -> [[Int32]] {
      guard let column = batch[name], case .int32(let ids) = column.elements,
        let offsets = column.offsets
      else { return [] }
      return (0..<batch.rows).map { Array(ids[offsets[$0]..<offsets[$0 + 1]]) }
    }
    #expect(values("attention_mask") == [[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]])
    #expect(values("segment_ids") == [[1, 1, 1, 2, 2, 3], [1, 1, 1, 0, 0, 0]])
    #expect(values("position_ids") == [[0, 1, 2, 0, 1, 0], [0, 1, 2, 0, 0, 0]])
    #expect(
      values("labels") == [[-100, 11, 12, -100, 21, -100], [-100, 32, 33, -100, -100, -100]])
    #expect(values("doc_ends") == [[3, 5, 6], [3]])
  }
}
