import DSXCore
import Foundation
import Testing

@testable import Records

/// Order, workers and saved positions of the loader.
@Suite struct RecordLoaderTests {
  /// What all workers get, step by step: the union in global order.
  private func steps(
    _ reader: RecordReader, workers: Int, from saved: RecordLoaderState? = nil, limit: Int = .max,
    _ change: (inout RecordLoaderOptions) -> Void
  ) throws -> (rows: [[Int]], state: RecordLoaderState) {
    var loaders: [RecordLoader] = []
    for shard in 0..<workers {
      var options = RecordLoaderOptions()
      options.numShards = workers
      options.shardID = shard
      change(&options)
      var loader = try RecordLoader(reader, options)
      if let saved { try loader.restore(saved) }
      loaders.append(loader)
    }
    var found: [[Int]] = []
    while found.count < limit {
      var step: [Int] = []
      var ends = 0
      for shard in loaders.indices {
        if let part = loaders[shard].nextStep() { step += part.rows } else { ends += 1 }
      }
      #expect(ends == 0 || ends == workers)
      guard ends == 0 else { break }
      found.append(step)
    }
    let states = loaders.map(\.savedState)
    #expect(Set(states).count == 1)
    return (found, states[0])
  }

  /// Saved under N workers and B rows a step at any place, restored under M workers and C rows: the
  /// global order goes on, nothing is lost, nothing repeated.
  @Test func positionsSurviveOtherWorkers() throws {
    let place = try TemporaryFolder()
    let reader = try RecordSets.write(place, "x", [RecordSets.numbered(0..<97)], shards: 3)
    var random = PCG64(seed: 4)
    for round in 0..<300 {
      let (n, m) = (1 + Int(random.bounded(9)), 1 + Int(random.bounded(9)))
      let (b, c) = (1 + Int(random.bounded(40)), 1 + Int(random.bounded(40)))
      let seed = random.bounded(3) == 0 ? nil : UInt64(random.bounded(1000))
      let epochs = 1 + Int(random.bounded(3))
      let first = Int(random.bounded(5))
      let skip = Int(random.bounded(120))
      let strided = random.bounded(2) == 0
      func options(_ batch: Int) -> (inout RecordLoaderOptions) -> Void {
        { options in
          options.batchRows = batch
          options.shuffleSeed = seed
          options.epochs = epochs
          options.firstEpoch = first
          options.skip = skip
          options.assignment = strided ? .strided : .slices
        }
      }
      let whole = try steps(reader, workers: 1, options(1)).rows.flatMap { $0 }
      // The definition, said in another way.
      let expected = (first..<first + epochs).flatMap { epoch -> [Int] in
        guard let seed else { return Array(0..<97) }
        let permutation = RowPermutation(count: 97, seed: seed, epoch: UInt64(epoch))
        return (0..<97).map { permutation[$0] }
      }.dropFirst(skip)
      #expect(whole == Array(expected), "round \(round)")
      let before = try steps(
        reader, workers: n, limit: Int(random.bounded(12)), options(b))
      let json = try JSONParser.parse(before.state.json.text())
      let restored = try RecordLoaderState(json: json)
      #expect(restored == before.state)
      let after = try steps(reader, workers: m, from: restored, options(c))
      // Inside of a step workers hold other rows of it in strided order: compare steps as sets then.
      let cut = before.rows.reduce(0) { $0 + $1.count }
      #expect(
        (before.rows.flatMap { strided ? $0.sorted() : $0 })
          == regroup(whole[..<cut], before.rows, sorted: strided), "round \(round)")
      #expect(
        (after.rows.flatMap { strided ? $0.sorted() : $0 })
          == regroup(whole[cut...], after.rows, sorted: strided), "round \(round)")
    }
  }

  private func regroup(_ rows: ArraySlice<Int>, _ steps: [[Int]], sorted: Bool) -> [Int] {
    guard sorted else { return Array(rows) }
    var left = rows
    return steps.flatMap { step -> [Int] in
      defer { left = left.dropFirst(step.count) }
      return left.prefix(step.count).sorted()
    }
  }

  @Test func partsAreDocumented() throws {
    let place = try TemporaryFolder()
    let reader = try RecordSets.write(place, "x", [RecordSets.numbered(0..<11)])
    func parts(_ change: (inout RecordLoaderOptions) -> Void) throws -> [[[Int]]] {
      try (0..<3).map { shard in
        var options = RecordLoaderOptions()
        options.batchRows = 6
        options.numShards = 3
        options.shardID = shard
        change(&options)
        var loader = try RecordLoader(reader, options)
        var found: [[Int]] = []
        while let batch = try loader.next() { found.append(RecordSets.numbers(batch)) }
        return found
      }
    }
    #expect(
      try parts { _ in } == [[[0, 1], [6, 7]], [[2, 3], [8, 9]], [[4, 5], [10]]])
    #expect(
      try parts { $0.assignment = .strided } == [
        [[0, 3], [6, 9]], [[1, 4], [7, 10]], [[2, 5], [8]],
      ])
    #expect(
      try parts { $0.equalParts = true } == [[[0, 1], [6]], [[2, 3], [7]], [[4, 5], [8]]])
    #expect(
      try parts { $0.dropRemainder = true } == [[[0, 1]], [[2, 3]], [[4, 5]]])
    #expect(
      try parts {
        $0.rows = 2..<5
        $0.epochs = 2
      } == [[[2], [2]], [[3], [3]], [[4], [4]]])
  }

  /// Without a full step there is nothing to hand out, also without a last epoch.
  @Test func stepsThatAreNeverFullEnd() throws {
    let place = try TemporaryFolder()
    let reader = try RecordSets.write(place, "x", [RecordSets.numbered(0..<5)])
    var options = RecordLoaderOptions()
    options.batchRows = 6
    options.dropRemainder = true
    options.epochs = nil
    var loader = try RecordLoader(reader, options)
    #expect(loader.isFinished && loader.nextStep() == nil)
  }

  @Test func numbersAtTheEdgeAreRefused() throws {
    let place = try TemporaryFolder()
    let reader = try RecordSets.write(place, "x", [RecordSets.numbered(0..<5)])
    func refuses(_ change: (inout RecordLoaderOptions) -> Void) {
      var options = RecordLoaderOptions()
      change(&options)
      #expect(throws: DSXError.self) { _ = try RecordLoader(reader, options) }
    }
    refuses { $0.firstEpoch = .max }
    refuses { $0.skip = .max }
    refuses { $0.numShards = .max }
    var options = RecordLoaderOptions()
    options.epochs = .max
    options.firstEpoch = 1 << 31
    var loader = try RecordLoader(reader, options)
    #expect(loader.nextStep()?.epoch == 1 << 31)
    #expect(throws: DSXError.self) { try loader.restore(CursorState(row: .max)) }
    var state = loader.savedState
    state.epoch = .max
    #expect(throws: DSXError.self) { try loader.restore(state) }
    #expect(throws: DSXError.self) { _ = try RecordLoaderState(json: state.json) }
  }

  @Test func matricesAndColumns() throws {
    let place = try TemporaryFolder()
    let reader = try RecordSets.write(place, "x", [RecordSets.numbered(0..<50)], shards: 4)
    var options = RecordLoaderOptions()
    options.batchRows = 16
    options.shuffleSeed = 9
    var loader = try RecordLoader(reader, options)
    var seen: [Int] = []
    var buffer = [Int32](repeating: 7, count: 16 * 4)
    while true {
      let step = try buffer.withUnsafeMutableBufferPointer { buffer in
        try loader.next("ids", rowLength: 4, padding: -9, into: buffer)
      }
      guard let step else { break }
      for (place, row) in step.rows.enumerated() {
        let n = Int32(row)
        #expect(Array(buffer[place * 4..<place * 4 + 4]) == [n, n + 1, -n, -9])
      }
      seen += step.rows
    }
    #expect(seen.sorted() == Array(0..<50))
    var wide = [Int64](repeating: 0, count: 3)
    let counts = try wide.withUnsafeMutableBufferPointer { buffer in
      try reader.read("n", rows: [5, 49, 5], rowLength: 1, into: buffer)
    }
    #expect(counts == [1, 1, 1] && wide == [5, 49, 5])
    for bad in [
      {
        try wide.withUnsafeMutableBufferPointer {
          _ = try reader.read("ids", rows: [1], rowLength: 3, into: $0)
        }
      },
      {
        try buffer.withUnsafeMutableBufferPointer {
          _ = try reader.read("ids", rows: [1], rowLength: 2, padding: 0, into: $0)
        }
      },
      {
        try buffer.withUnsafeMutableBufferPointer {
          _ = try reader.read("ids", rows: [1], rowLength: 4, into: $0)
        }
      },
      {
        try buffer.withUnsafeMutableBufferPointer {
          _ = try reader.read("ids", rows: Array(0..<50), rowLength: 3, into: $0)
        }
      },
      {
        try buffer.withUnsafeMutableBufferPointer {
          _ = try reader.read("ids", rows: [50], rowLength: 3, into: $0)
        }
      },
    ] as [() throws -> Void] {
      #expect(throws: DSXError.self) { try bad() }
    }
  }

  /// Random access through anchors gives the same rows as through whole tables.
  @Test func anchorsFindTheRows() throws {
    let place = try TemporaryFolder()
    var sets = RandomSets(seed: 8)
    let batch = sets.batch(sets.schema(), rows: 700)
    let reader = try RecordSets.write(place, "x", [batch], shards: 2) { $0.pageSize = 32 << 10 }
    for (number, file) in reader.files.enumerated() {
      for (index, group) in file.groups.enumerated() where group.rows > 0 {
        let whole = try file.table(index)
        for step in [16, 17, 1000] {
          let start = sets.upTo(group.rows)
          let rows = start..<min(group.rows, start + 1 + sets.upTo(5))
          file.anchors.withLock { $0 = [:] }
          let few = try file.table(index, rows: rows, stride: step)
          #expect(few.blob == Array(whole.blob[rows.lowerBound...rows.upperBound]), "\(number)")
          #expect(few.raw == Array(whole.raw[rows.lowerBound...rows.upperBound]))
        }
      }
    }
    let wanted = try batch.lines()
    let rows = (0..<400).map { _ in sets.upTo(700) } + Array(100..<300)
    #expect(try reader.batch(rows: rows).lines() == rows.map { wanted[$0] })
  }

  @Test func positionsOfOtherSetsAreRefused() throws {
    let place = try TemporaryFolder()
    let one = try RecordSets.write(place, "x", [RecordSets.numbered(0..<20)])
    let other = try RecordSets.write(place, "y", [RecordSets.numbered(1..<21)])
    var options = RecordLoaderOptions()
    options.shuffleSeed = 1
    var loader = try RecordLoader(one, options)
    let state = loader.savedState
    func code(_ reader: RecordReader, _ change: (inout RecordLoaderOptions) -> Void) throws
      -> DSXError.Code?
    {
      var changed = options
      change(&changed)
      var loader = try RecordLoader(reader, changed)
      do throws(DSXError) { try loader.restore(state) } catch { return error.code }
      return nil
    }
    #expect(try code(one) { _ in } == nil)
    #expect(try code(one) { $0.numShards = 5 } == nil)
    #expect(try code(other) { _ in } == .usage)
    #expect(try code(one) { $0.shuffleSeed = 2 } == .usage)
    #expect(try code(one) { $0.shuffleSeed = nil } == .usage)
    #expect(try code(one) { $0.rows = 0..<19 } == .usage)
    for text in ["{}", #"{"format":"dsx-loader-state","version":2}"#, "[]"] {
      #expect(throws: DSXError.self) { _ = try RecordLoaderState(json: JSONParser.parse(text)) }
    }
    // Codable gives the same members.
    let coded = try JSONParser.parse(Array(JSONEncoder().encode(state)))
    for member in state.json.object ?? [] { #expect(coded[member.name] == member.value) }
    // The plain position of the Cursor shape.
    _ = try loader.next()
    #expect(loader.state.row == 20 && loader.isFinished)
    try loader.restore(CursorState(row: 7))
    #expect(loader.position == 7 && loader.epoch == 0)
  }

  @Test func optionsAreChecked() throws {
    let place = try TemporaryFolder()
    let reader = try RecordSets.write(place, "x", [RecordSets.numbered(0..<5)])
    let changes: [(inout RecordLoaderOptions) -> Void] = [
      { $0.batchRows = 0 }, { $0.numShards = 0 }, { $0.shardID = 1 }, { $0.shardID = -1 },
      { $0.rows = 0..<6 }, { $0.skip = -1 }, { $0.shuffleSeed = .max }, { $0.fields = ["none"] },
      { $0.fields = ["n", "n"] }, { $0.firstEpoch = -1 },
      {
        $0.equalParts = true
        $0.numShards = 3
      },
    ]
    for change in changes {
      var options = RecordLoaderOptions()
      change(&options)
      #expect(throws: DSXError.self) { _ = try RecordLoader(reader, options) }
    }
    var options = RecordLoaderOptions()
    options.rows = 2..<2
    options.epochs = nil
    var empty = try RecordLoader(reader, options)
    #expect(try empty.next() == nil)
  }

  /// 4,096 files are mapped without holding a descriptor each.
  @Test func manyShardsNeedFewDescriptors() throws {
    let place = try TemporaryFolder()
    let one = try RecordSets.write(place, "x", [RecordSets.numbered(0..<2)])
    // The writer makes at most 1,000: the header of one file is written again under other names.
    let shards = 300
    let names = (0..<shards).map {
      "s" + String(repeating: "0", count: 3 - "\($0)".count) + "\($0)"
    }
    let bytes = Array(one.files[0].bytes)
    var header = one.files[0].header
    header.addresses = names
    header.checks = nil
    for (shard, name) in names.enumerated() {
      header.shard = shard
      var text = ByteStore()
      header.write(into: &text)
      var file = bytes
      file.replaceSubrange(0..<header.headerSize, with: repeatElement(0, count: header.headerSize))
      file.replaceSubrange(0..<text.count, with: Array(text.bytes))
      try FilePath.write(file, to: place.path(name))
    }
    let before = try FilePath.list("/proc/self/fd").count
    let reader = try RecordReader(path: place.path(names[7]))
    #expect(reader.count == 2 * shards)
    #expect(try FilePath.list("/proc/self/fd").count < before + 20)
    #expect(RecordSets.numbers(try reader.batch(rows: [599, 0, 301])) == [1, 0, 1])
  }
}
