import DSXCore
import Testing

@testable import Preparation

/// A corpus with planted equal, near and contaminated documents: how many are found, and whether
/// anything else is.
@Suite struct PlantedCorpusTests {
  /// What a document was planted as.
  private enum Kind: Hashable { case original, equal, near, related }

  private func corpus(
    han: Bool, changes: Int, seed: UInt64
  ) -> (texts: [String], kinds: [Kind]) {
    var generator = PCG64(seed: seed)
    var (texts, kinds) = ([String](), [Kind]())
    let joint = han ? "" : " "
    for number in 0..<150 {
      let words = QualitySamples.randomText(&generator, units: 200, vocabulary: 3000, han: han)
      texts.append(words.joined(separator: joint))
      kinds.append(.original)
      switch number % 4 {
      case 1:
        texts.append(texts[texts.count - 1])
        kinds.append(.equal)
      case 2:
        var near = words
        for _ in 0..<changes {
          near[Int(generator.bounded(200))] =
            QualitySamples.randomText(&generator, units: 1, han: han)[0]
        }
        texts.append(near.joined(separator: joint))
        kinds.append(.near)
      case 3:
        // Half of it is another document's: a similarity of about a third.
        let other = QualitySamples.randomText(&generator, units: 100, vocabulary: 3000, han: han)
        texts.append((words[..<100] + other).joined(separator: joint))
        kinds.append(.related)
      default: break
      }
    }
    return (texts, kinds)
  }

  @Test(arguments: [false, true]) func recallAndPrecisionOfDuplicates(han: Bool) throws {
    // Two changed units of 200 leave a similarity of about 0.91; three, 0.86.
    let (texts, kinds) = corpus(han: han, changes: 2, seed: 77)
    let reasons = try QualitySamples.select(
      texts, try QualitySamples.duplicates("exact,minhash"), cuts: [100])
    var found: [Kind: Int] = [:]
    var planted: [Kind: Int] = [:]
    for (kind, reason) in zip(kinds, reasons) {
      planted[kind, default: 0] += 1
      if reason != nil { found[kind, default: 0] += 1 }
    }
    #expect(found[.equal] == planted[.equal])
    #expect(Double(found[.near] ?? 0) >= 0.97 * Double(planted[.near] ?? 1))
    #expect(found[.original] == nil)
    #expect(found[.related] == nil)
  }

  @Test func recallFollowsTheFormula() throws {
    // 1 - (1 - s^8)^14 at a similarity around 0.7: about half are found.
    let (texts, kinds) = corpus(han: false, changes: 8, seed: 5)
    let reasons = try QualitySamples.select(
      texts, try QualitySamples.duplicates("minhash"), cuts: [])
    let near = zip(kinds, reasons).filter { $0.0 == .near }
    let share = Double(near.count { $0.1 != nil }) / Double(near.count)
    #expect((0.2...0.8).contains(share))
  }
}
