internal import DSXCore

/// Record positions for random access to large sets: one in every `stride` rows is kept, the others are
/// found by walking the length prefixes from there.
struct AnchorTable: Sendable {
  /// Positions relative to the starts of the group's regions, which a page's size bounds (below 2^32).
  let blob: [UInt32]
  let raw: [UInt32]

  init(_ table: GroupTable, _ group: RowGroup, stride step: Int) {
    blob = stride(from: 0, to: group.rows, by: step).map {
      UInt32(truncatingIfNeeded: table.blob[$0] - group.blob.lowerBound)
    }
    raw = stride(from: 0, to: group.rows, by: step).map {
      UInt32(truncatingIfNeeded: table.raw[$0] - group.raw.lowerBound)
    }
  }
}

extension RecordFile {
  /// The positions of a few rows of a group (`rows` within the group, not empty), from anchors that are
  /// made when a group is first asked for. Time grows with `step`, memory with rows / `step`.
  func table(_ group: Int, rows: Range<Int>, stride step: Int) throws(DSXError) -> GroupTable {
    let known = anchors.withLock { $0[group] }
    let table: AnchorTable
    if let known {
      table = known
    } else {
      table = AnchorTable(try scatteredTable(group), groups[group], stride: step)
      anchors.withLock { $0[group] = table }
    }
    let anchor = rows.lowerBound / step
    let place = groups[group]
    do {
      return GroupTable(
        blob: try walk(
          place.blob, from: Int(table.blob[anchor]), skip: rows.lowerBound - anchor * step,
          rows.count),
        raw: try walk(
          place.raw, from: Int(table.raw[anchor]), skip: rows.lowerBound - anchor * step,
          rows.count))
    } catch { throw self.place(error, group, row: place.firstRow + rows.lowerBound) }
  }

  /// `count` + 1 record positions, `skip` records behind an anchor. Checked like the first walk: the
  /// file may have been changed since.
  private func walk(_ region: Range<Int>, from offset: Int, skip: Int, _ count: Int)
    throws(DSXError) -> [Int]
  {
    var starts: [Int] = []
    starts.reserveCapacity(count + 1)
    var position = region.lowerBound + offset
    for record in 0..<skip + count {
      if record >= skip { starts.append(position) }
      let left = region.upperBound - position
      guard left >= 8 else { throw Self.changed(position) }
      let length = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      guard length <= UInt64(left - 8) else { throw Self.changed(position) }
      position += 8 + Int(length)
    }
    starts.append(position)
    return starts
  }

  private static func changed(_ byte: Int) -> DSXError {
    DSXError(.corrupt, "a record's length has changed since the file was opened", byte: byte)
  }
}
