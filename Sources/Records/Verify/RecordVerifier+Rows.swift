internal import DSXCore

/// Pages, rows and index of one file.
extension RecordVerifier {
  /// Rows that are decoded at a time as long as nothing is wrong.
  private static let runRows = 256
  /// Bytes of pages that may be in memory while their checksums are made.
  private static let touchedLimit = 32 << 20

  /// Findings about one file, of which the first ones are listed.
  private struct Tally {
    var findings: [(error: DSXError, file: String)] = []
    var count = 0

    mutating func add(_ errors: [DSXError], _ file: String) {
      for error in errors {
        count += 1
        if findings.count < RecordVerifier.findingLimit { findings.append((error, file)) }
      }
    }
  }

  mutating func check(_ file: RecordFile, firstRow: Int) {
    let indexPath = file.path + ".db"
    var pages = Tally()
    var entries = Tally()
    checkPages(file, firstRow, &pages)
    var index: IndexReader?
    do throws(DSXError) {
      index = try IndexReader(file)
      entries.add(index?.checkTables() ?? [], indexPath)
    } catch { entries.add([error], indexPath) }
    for number in file.groups.indices where file.groups[number].rows > 0 {
      checkGroup(file, number, firstRow, &pages, &entries, &index)
      file.release(number)
    }
    do throws(DSXError) { entries.add(try index?.finish() ?? [], indexPath) } catch {
      entries.add([error], indexPath)
    }
    for (tally, path) in [(pages, file.path), (entries, indexPath)] {
      for (error, path) in tally.findings { add(error, path) }
      if tally.count > tally.findings.count {
        add(path, "\(tally.count - tally.findings.count) more findings are not listed")
      }
    }
  }

  /// Every page against its checksum.
  private func checkPages(_ file: RecordFile, _ firstRow: Int, _ tally: inout Tally) {
    guard file.header.checks != nil else { return }
    var touched = 0
    for page in file.header.pages {
      // What was summed is given back, or a large file would be in memory as a whole.
      touched += page.used
      defer {
        if touched >= Self.touchedLimit {
          file.releaseAll()
          touched = 0
        }
      }
      let group = page.kind == .blob ? page.typeID : page.groups.first?.id ?? 0
      do throws(DSXError) {
        try file.check(page: page.id, min(group, file.groups.count - 1))
      } catch {
        var fault = error
        if file.groups.indices.contains(group) {
          fault.location.row = firstRow + file.groups[group].firstRow
        }
        tally.add([fault], file.path)
      }
    }
  }

  /// Every row of a group: a run at a time, and row by row where a run is damaged.
  private func checkGroup(
    _ file: RecordFile, _ number: Int, _ firstRow: Int, _ pages: inout Tally,
    _ entries: inout Tally, _ index: inout IndexReader?
  ) {
    let group = file.groups[number]
    let table: GroupTable
    // The pages' checksums were compared before: here the rows are looked at whatever these said.
    do throws(DSXError) { table = try GroupTable(group, file.bytes) } catch {
      var fault = file.place(error, number)
      fault.location.row = error.location.row.map { firstRow + $0 }
      pages.add([fault], file.path)
      // Without positions the group's index rows mean nothing: skip them.
      do throws(DSXError) { try index?.skip(to: group.firstRow + group.rows) } catch { index = nil }
      return
    }
    func segment(_ rows: Range<Int>) -> RowSegment {
      RowSegment(
        file: file, group: number, table: table, local: rows,
        number: firstRow + group.firstRow + rows.lowerBound)
    }
    for start in stride(from: 0, to: group.rows, by: Self.runRows) {
      let run = start..<min(group.rows, start + Self.runRows)
      var isWhole = true
      do throws(DSXError) { try Self.decode(segment(run)) } catch { isWhole = false }
      for row in run {
        let one = segment(row..<row + 1)
        if !isWhole {
          do throws(DSXError) { try Self.decode(one) } catch { pages.add([error], file.path) }
        }
        do throws(DSXError) {
          if let faults = try index?.check(one), !faults.isEmpty {
            entries.add(faults, file.path + ".db")
          }
        } catch {
          entries.add([error], file.path + ".db")
          index = nil
        }
      }
    }
  }

  /// Decodes rows in full.
  private static func decode(_ segment: RowSegment) throws(DSXError) {
    let plan = segment.file.header.plan
    var scalars = ScalarDecoder(plan, wanted: plan.raw)
    try scalars.decode(segment)
    for (position, number) in plan.blob.enumerated() {
      let field = plan.fields[number]
      if field.shape == nil {
        _ = try segment.payloads(position, of: plan.blob.count)
      } else {
        let decoder = ArrayDecoder(field, version: segment.file.header.version)
        _ = try decoder.column([segment], position, of: plan.blob.count)
      }
    }
    guard plan.blob.isEmpty else { return }
    for row in 0..<segment.count where segment.blob(row).count != 4 {
      throw segment.fault(
        row, segment.offset(segment.blob(row)),
        "the placeholder of a row without blob fields has "
          + "\(segment.blob(row).count) bytes instead of 4", blob: true)
    }
  }
}
