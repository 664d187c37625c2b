import DSXCore
import Images
import Testing

@testable import Datasets

/// Tallies, summaries and cards against plain counting.
@Suite struct StatisticsTests {
  @Test func integersBeyondDoublesKeepTheirEnds() {
    let large = (1 << 60) + 1
    var summary = NumberSummary()
    for value in [Int64(large), Int64(large) + 2, 5] { summary.add(integer: value) }
    var other = NumberSummary()
    other.add(integer: -Int64(large))
    summary.merge(other)
    #expect(summary.json["minimum"]?.int == -large && summary.json["maximum"]?.int == large + 2)
    #expect(summary.isExact == false && summary.isWhole)
  }

  @Test func talliesCountExactlyBelowTheirLimit() {
    var generator = PCG64(seed: 3)
    var model: [UInt64: Int] = [:]
    var tally = HashTally(limit: 500)
    for _ in 0..<4000 {
      let value = UInt64(generator.bounded(450))
      // Hash 0 has a place of its own.
      let hash = value == 0 ? 0 : ContentHash.of(value, seed: 9)
      tally.add(hash)
      model[hash, default: 0] += 1
    }
    #expect(tally.isExact && tally.distinct == model.count && tally.total == 4000)
    #expect(tally.duplicates == 4000 - model.count)
    #expect(tally.mostOccurrences == model.values.max())
    for (hash, count) in model { #expect(Int(tally.count(hash)) == count) }
    #expect(tally.count(12345) == 0)
  }

  /// Above the limit: within four standard errors, and the same however it was merged.
  @Test(arguments: [1, 2, 3]) func talliesEstimateAboveTheirLimit(seed: Int) {
    var whole = HashTally(limit: 2000)
    var parts = [HashTally](repeating: HashTally(limit: 2000), count: 3)
    for number in 0..<60_000 {
      let hash = ContentHash.of(UInt64(number % 40_000), seed: UInt64(seed))
      whole.add(hash)
      parts[number % 3].add(hash)
    }
    #expect(!whole.isExact && whole.total == 60_000)
    #expect(abs(Double(whole.distinct) / 40_000 - 1) < 4 * 1.2 / 2000.0.squareRoot())
    for order in [[0, 1, 2], [2, 0, 1]] {
      var merged = HashTally(limit: 2000)
      for part in order { merged.merge(parts[part]) }
      #expect(merged.distinct == whole.distinct && merged.total == whole.total)
      #expect(merged.level == whole.level && merged.entries == whole.entries)
    }
  }

  @Test func sharedValuesAreCounted() {
    var one = HashTally()
    var two = HashTally()
    for number in 0..<1000 { one.add(ContentHash.of(UInt64(number % 500), seed: 1)) }
    for number in 400..<900 { two.add(ContentHash.of(UInt64(number), seed: 1)) }
    let shared = one.shared(with: two)
    #expect(shared.occurrences == 200 && shared.distinct == 100 && shared.isExact)
  }

  @Test func hashesSeeEveryByte() {
    var seen: Set<UInt64> = []
    for length in 0..<70 {
      var bytes = [UInt8](repeating: 0, count: length)
      seen.insert(bytes.withUnsafeBytes { ContentHash.of($0) })
      for place in 0..<length {
        bytes[place] = 1
        seen.insert(bytes.withUnsafeBytes { ContentHash.of($0) })
        bytes[place] = 0
      }
    }
    #expect(seen.count == 70 + 69 * 70 / 2)
  }

  @Test(arguments: 0..<6) func summariesAreCloseToTheNumbers(seed: Int) {
    var generator = PCG64(seed: UInt64(seed))
    let numbers: [Double] = (0..<5000).map { _ in
      switch seed % 3 {
      case 0: Double(generator.bounded(300))
      case 1: (generator.unit() - 0.5) * 1e6
      default: generator.unit() * generator.unit() * 1e-3
      }
    }
    var summary = NumberSummary()
    var parts = [NumberSummary](repeating: NumberSummary(), count: 4)
    for (index, number) in numbers.enumerated() {
      summary.add(number)
      parts[index % 4].add(number)
    }
    summary.add(.nan)
    let sorted = numbers.sorted()
    let shares = [0.01, 0.25, 0.5, 0.9, 1]
    for (share, value) in zip(shares, summary.quantiles(shares)) {
      let exact = sorted[max(1, Int((share * 5000).rounded(.up))) - 1]
      #expect(value == exact, "\(share)")
    }
    #expect(summary.minimum == sorted[0] && summary.maximum == sorted[4999])
    #expect(summary.notFinite == 1 && summary.count == 5000)
    let mean = numbers.reduce(0, +) / 5000
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4999
    #expect(abs((summary.average ?? 0) - mean) <= 1e-9 * max(1, abs(mean)))
    #expect(abs((summary.deviation ?? 0) / variance.squareRoot() - 1) < 1e-9)
    let picture = summary.histogram()
    #expect(picture.counts.reduce(0, +) == 5000 && picture.counts.count <= 31)
    #expect(picture.lower <= sorted[0])
    #expect(picture.lower + picture.width * Double(picture.counts.count) >= sorted[4999])
    var merged = NumberSummary()
    for part in parts { merged.merge(part) }
    #expect(merged.quantiles(shares) == summary.quantiles(shares))
    #expect(abs((merged.deviation ?? 0) / (summary.deviation ?? 1) - 1) < 1e-9)
  }

  /// Above the limit of different numbers: bins of 1/256 of the value, however it was merged.
  @Test func summariesOfManyNumbersAreClose() {
    var generator = PCG64(seed: 2)
    var summary = NumberSummary()
    var parts = [NumberSummary](repeating: NumberSummary(), count: 3)
    var numbers: [Double] = []
    for index in 0..<80_000 {
      let number = (generator.unit() - 0.3) * 1e4
      numbers.append(number)
      summary.add(number)
      parts[index % 3].add(number)
    }
    var merged = NumberSummary()
    for part in parts { merged.merge(part) }
    #expect(!summary.isExact && !merged.isExact && parts[0].isExact)
    numbers.sort()
    let shares = [0.01, 0.2, 0.5, 0.99]
    #expect(summary.quantiles(shares) == merged.quantiles(shares))
    for (share, value) in zip(shares, summary.quantiles(shares)) {
      let exact = numbers[Int((share * 80_000).rounded(.up)) - 1]
      #expect(abs(value - exact) <= abs(exact) / 256)
    }
  }

  @Test func valueCountsGiveUpAboveTheirLimit() {
    var counts = ValueCounts()
    for number in 0..<ValueCounts.limit { counts.add("\(number % 700)") }
    #expect(counts.sorted?.count == 700 && counts.sorted?.first?.value == "0")
    for number in 0..<2000 { counts.add("\(number)") }
    #expect(counts.sorted == nil)
  }

  /// A split of values with missing ones, repeats, labels and numbers.
  @Test func cardsAreTheSameForAnyWidth() throws {
    var generator = PCG64(seed: 8)
    var text = ""
    var rows: [String] = []
    for _ in 0..<3000 {
      let number = generator.bounded(1500)
      let row =
        "{\"id\":\(number),\"text\":\"文\(number % 900)\",\"score\":\(Double(number) / 8)}"
      rows.append(row)
      text += row + "\n"
    }
    let folder = "/tmp/dsx-card-\(UInt64.random(in: 0..<UInt64.max))"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    let path = FilePath.join(folder, "rows.jsonl")
    try AtomicFolder.write(Array(text.utf8), to: path)
    let dataset = MsDataset(name: "rows", split: "train", folder: folder, table: path)
    var cards: [String] = []
    for workers in [1, 2, 5] {
      var options = dataset.options
      options.batchRows = 64
      let statistics = try SplitStatistics.read(dataset, options: options, workers: workers)
      cards.append(DatasetCard([dataset], [statistics], tool: "dsx").json.text())
      #expect(statistics.rows == 3000)
      #expect(statistics.duplicateRows == 3000 - Set(rows).count)
      let columns = statistics.columns
      #expect(columns[0].values.distinct == Set(rows).count)
      #expect(columns[1].characters?.count == 3000)
      #expect(columns[2].numbers?.maximum == columns[0].numbers.map { $0.maximum / 8 })
    }
    #expect(Set(cards).count == 1)
  }

  /// The statistics of the whole are those of its parts together.
  @Test func statisticsMerge() throws {
    let schema = Schema([Field("n", .int64), Field("s", .string, isNullable: true)])
    func batch(_ numbers: Range<Int64>) -> Batch {
      var text = Column(strings: numbers.map { "v\($0 % 17)" })
      text.validity = numbers.map { $0 % 5 != 0 }
      return Batch(
        schema: schema, columns: [Column(.int64(Array(numbers))), text])
    }
    func statistics(_ batches: [Batch]) -> SplitStatistics {
      var result = SplitStatistics(split: "train", fingerprint: "f", schema: schema)
      for batch in batches { result.add(BatchDigest(batch, ImageProbe())) }
      return result
    }
    let parts = [batch(0..<40), batch(20..<90), batch(90..<100)]
    var merged = statistics([])
    for part in parts { merged.merge(statistics([part])) }
    let whole = statistics(parts)
    #expect(merged.rows == 120 && merged.duplicateRows == 20)
    #expect(merged.columns[1].nulls == whole.columns[1].nulls)
    #expect(
      merged.columns[1].frequent?.sorted?.map(\.count)
        == whole.columns[1].frequent?.sorted?.map(\.count))
    #expect(
      merged.columns[0].numbers?.quantiles([0.5]) == whole.columns[0].numbers?.quantiles([0.5]))
  }

  /// What the small encoder writes is what the decoder reads.
  @Test func thumbnailsAreImages() throws {
    for (width, height, channels) in [(1, 1, 3), (64, 48, 3), (200, 150, 3), (7, 5, 1)] {
      let pixels = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let image = Image(width: width, height: height, channels: channels, pixels: pixels)
      let decoded = try ImageDecoder().decode(PNGEncoder.encode(image), name: "x")
      #expect(decoded.width == width && decoded.height == height)
      if channels == 3 { #expect(decoded.pixels == pixels) }
    }
    let finding = [UInt8]("nothing".utf8).withUnsafeBytes { ImageProbe().look($0, row: 3) }
    #expect(finding.fault != nil && finding.info == nil)
  }
}
