import DSXCore
import Testing

@testable import Preparation

@Suite struct CardStatisticsTests {
  private func add(
    _ text: String, _ place: DocumentPlace, _ statistics: inout CardStatistics
  ) {
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes {
      statistics.add($0, place: place, tokens: bytes.count / 2, unknown: bytes.count % 3)
    }
  }

  @Test func countsWhatItSees() {
    var s = CardStatistics(sequenceLength: 4)
    add("中文 ab\nab", DocumentPlace(input: 0, byte: 0), &s)
    add("ab\n \n12", DocumentPlace(input: 1, byte: 9), &s)
    s.addDropped(.minUnits, place: DocumentPlace(input: 1, byte: 20), bytes: 5)
    #expect(s.documents == 2)
    #expect(s.bytes == 12 + 7)
    #expect(s.characters == 8 + 7)
    #expect(s.tokens == 6 + 3)
    #expect(s.longDocuments == 1)
    #expect(s.scripts[Script.han.index] == 2)
    #expect(s.scripts[Script.latin.index] == 6)
    #expect(s.scripts[Script.digits.index] == 2)
    #expect(s.dropped[.minUnits]?.bytes == 5)
    #expect(s.files[1]?.dropped == 1)
    #expect(s.files[1]?.documents == 1)
    #expect(s.sample.lines == 4)
    let lines = s.sample.repeated(20)
    #expect(lines.map(\.text) == ["ab"])
    #expect(lines.map(\.count) == [2])
  }

  @Test func binsHoldTheirNumbers() {
    for value in Array(0...5000) + [1 << 20, 1 << 40 - 1, Int.max] {
      let bin = LengthHistogram.bin(value)
      #expect(LengthHistogram.lower(bin) <= value)
      #expect(value < LengthHistogram.lower(bin + 1) || value >= 1 << 61)
    }
    #expect((0..<12).map(LengthHistogram.lower) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14])
  }

  /// Any cut and any order of merging give the same bytes, with more lines than the sample holds.
  @Test func theCutHasNoPartInTheResult() throws {
    var generator = PCG64(seed: 4)
    var documents: [(String, DocumentPlace)] = []
    for number in 0..<4000 {
      let lines = (0..<12).map { _ in "line \(generator.bounded(number % 7 == 0 ? 20 : 100_000))" }
      documents.append(
        (lines.joined(separator: "\n"), DocumentPlace(input: number / 3, byte: number * 77)))
    }
    var whole = CardStatistics(sequenceLength: 16)
    for (text, place) in documents { add(text, place, &whole) }
    #expect(whole.sample.lines == 48_000)
    #expect(!whole.sample.isComplete)
    for parts in [2, 3, 7] {
      var states = (0..<parts).map { _ in CardStatistics(sequenceLength: 16) }
      for (number, (text, place)) in documents.enumerated() {
        add(text, place, &states[number * 31 % parts])
      }
      var merged = CardStatistics(sequenceLength: 16)
      for state in states.reversed() { merged.merge(try CardStatistics(state: state.state)) }
      #expect(merged.state == whole.state)
    }
    // A twentieth of the lines of a seventh of the documents: 343 each, within 25 %.
    let top = whole.sample.repeated(20)
    #expect(top.count == 20)
    let weight = 48_000.0 / Double(LineSample.capacity)
    for line in top { #expect((255...430).contains(Double(line.count) * weight)) }
  }

  @Test func theTextIsThatOfTheState() throws {
    var s = CardStatistics(sequenceLength: 4)
    #expect(s.stateText == Array(s.state.text().utf8))
    add("a \"b\"\n\tc\\\u{7}\n数据 😀\n", DocumentPlace(input: 1, byte: 3), &s)
    let bad: [UInt8] = [0x61, 0xff, 0x62]
    bad.withUnsafeBytes {
      s.add($0, place: DocumentPlace(input: 0, byte: 9), tokens: 1, unknown: 0)
    }
    let text = s.stateText
    #expect(text == Array(s.state.text().utf8))
    #expect(try CardStatistics(state: try JSONParser.parse(text)).state == s.state)
  }

  @Test func theLedgerAddsEveryShardOnce() throws {
    let ledger = CardLedger()
    #expect(ledger.total == nil)
    var sum = CardStatistics(sequenceLength: 4)
    for shard in [2, 0, 2] {
      var s = CardStatistics(sequenceLength: 4)
      add("line of \(shard)\nsame", DocumentPlace(input: shard, byte: 0), &s)
      ledger.add(s, shard: shard)
      if shard == 0 || sum.documents == 0 { sum.merge(s) }
    }
    let (shards, total) = try #require(ledger.total)
    #expect(shards == [0, 2])
    #expect(total.state == sum.state)
  }

  @Test func filesOverTheLimitShareALine() {
    var s = CardStatistics(sequenceLength: 4)
    for input in 0..<1500 { add("text", DocumentPlace(input: input, byte: 0), &s) }
    #expect(s.files.count == CardStatistics.fileLimit)
    #expect(s.otherFiles.documents == 500)
  }

  @Test(arguments: [
    "{}", "[]", "{\"sequence_length\": -1}",
  ]) func wrongStatesAreMalformed(_ text: String) throws {
    let json = try JSONParser.parse(text)
    #expect(throws: DSXError.self) { try CardStatistics(state: json) }
  }

  @Test func damagedMembersAreMalformed() throws {
    var s = CardStatistics(sequenceLength: 4)
    add("a\nb", DocumentPlace(input: 0, byte: 0), &s)
    s.addDropped(.maxTop2, place: DocumentPlace(input: 0, byte: 5), bytes: 3)
    guard case .object(let members) = s.state else { return }
    for index in members.indices where members[index].name != "sequence_length" {
      for value: JSONValue in ["x", .array([.array(["x"])]), .int(.max)] {
        var changed = members
        changed[index].value = value
        let json = JSONValue.object(changed)
        if members[index].value.array != nil, value.array == nil {
          // A list that is none at all counts as empty only where it may be.
          _ = try? CardStatistics(state: json)
        } else {
          #expect(throws: DSXError.self, "\(members[index].name)") {
            try CardStatistics(state: json)
          }
        }
      }
    }
  }
}
