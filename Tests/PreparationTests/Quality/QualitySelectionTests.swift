import DSXCore
import Testing

@testable import Preparation

@Suite struct QualitySelectionTests {
  @Test func firstOfEqualDocumentsIsKept() throws {
    let texts = ["one two", "three", "one two", " one two\n", "One two", "three", ""]
    let reasons = try QualitySamples.select(
      texts, try QualitySamples.duplicates("exact"), cuts: [3])
    #expect(
      reasons.map { $0?.rule } == [
        nil, nil, .exactDuplicate, .exactDuplicate, nil, .exactDuplicate, nil,
      ])
    #expect(reasons[3]?.original == DocumentPlace(input: 0, byte: 0))
    #expect(reasons[5]?.original == DocumentPlace(input: 0, byte: 1))
  }

  @Test func filteredDocumentsAreNoOriginals() throws {
    var options = try QualitySamples.duplicates("exact,minhash")
    try options.addFilters("length:min-units=2:min-word=off")
    let reasons = try QualitySamples.select(
      ["one", "one", "a b c", "a b c", "A, b: c"], options, cuts: [])
    #expect(
      reasons.map { $0?.rule } == [.minUnits, .minUnits, nil, .exactDuplicate, .nearDuplicate])
  }

  @Test func nearDuplicatesJoinAcrossTheirEqualCopies() throws {
    var generator = PCG64(seed: 8)
    let words = QualitySamples.randomText(&generator, units: 400)
    var near = words
    near[200] = "changed"
    let text = words.joined(separator: " ")
    let other = near.joined(separator: " ")
    let reasons = try QualitySamples.select(
      [text, other, other, "something else"], try QualitySamples.duplicates("exact,minhash"),
      cuts: [1])
    #expect(reasons.map { $0?.rule } == [nil, .nearDuplicate, .exactDuplicate, nil])
    // The equal copy of a dropped document names the one that is kept.
    #expect(reasons[2]?.original == DocumentPlace(input: 0, byte: 0))
  }

  /// Cuts, the size of the table and with it the number of passes: none has a part in the result.
  @Test func theCutHasNoPartInTheResult() throws {
    var generator = PCG64(seed: 21)
    var texts: [String] = []
    for number in 0..<300 {
      if number % 3 == 2, let earlier = texts.randomElement(using: &generator) {
        texts.append(number % 2 == 0 ? earlier : earlier + " and a few more words")
      } else {
        let units = 20 + Int(generator.bounded(80))
        texts.append(
          QualitySamples.randomText(&generator, units: units).joined(separator: " "))
      }
    }
    for words in ["exact,minhash", "minhash:verify=0.8", "minhash:buckets=20:hashes=4"] {
      let options = try QualitySamples.duplicates(words)
      let whole = try QualitySamples.select(texts, options, cuts: [])
      #expect(whole.contains { $0 != nil })
      for cuts in [[1], [150], [0, 0, 299], [10, 50, 51, 200, 260, 300]] {
        #expect(try QualitySamples.select(texts, options, cuts: cuts, memory: 1 << 16) == whole)
      }
    }
  }

  @Test func severalPassesFindTheSame() throws {
    let texts = (0..<6000).map { "document \($0 % 4000)" }
    let options = try QualitySamples.duplicates("exact")
    // 6000 documents need 360 kB in one pass: 64 KiB make six.
    let few = try QualitySamples.select(texts, options, cuts: [4096], memory: 1 << 16)
    let one = try QualitySamples.select(texts, options, cuts: [4096], memory: 1 << 24)
    #expect(few == one)
    #expect(few.count { $0 != nil } == 2000)
  }

  @Test func verificationKeepsWhatIsNotAlikeEnough() throws {
    var generator = PCG64(seed: 9)
    let words = QualitySamples.randomText(&generator, units: 200)
    var near = words
    for index in stride(from: 0, to: 200, by: 40) { near[index] = "changed\(index)x" }
    // 5 of 200 words touch 25 shingles: a similarity near 0.78.
    let texts = [words.joined(separator: " "), near.joined(separator: " ")]
    func dropped(_ options: String) throws -> DropReason? {
      try QualitySamples.select(texts, try QualitySamples.duplicates(options), cuts: [])[1]
    }
    #expect(try dropped("minhash:buckets=28:hashes=4")?.rule == .nearDuplicate)
    let verified = try dropped("minhash:buckets=28:hashes=4:verify=0.6")
    #expect(verified?.rule == .nearDuplicate)
    #expect((0.65...0.9).contains(verified?.value ?? 0))
    #expect(try dropped("minhash:buckets=28:hashes=4:verify=0.95") == nil)
  }

  @Test func countsAreByReason() throws {
    let folder = try TestFolder()
    let stage = try QualityStage(try QualitySamples.duplicates("exact"))
    var writer = try ScanFileWriter(path: folder.path + "/s", stage: stage)
    for text in ["a", "b", "a"] {
      try writer.append(
        QualitySamples.note(text, stage), place: DocumentPlace(input: 0, byte: 0))
    }
    try writer.finish()
    let counts = try QualitySelection(stage).select(
      scans: [folder.path + "/s"], drops: [folder.path + "/d"])
    #expect(counts.documents == 3)
    #expect(counts.dropped == [.exactDuplicate: 1])
  }
}
