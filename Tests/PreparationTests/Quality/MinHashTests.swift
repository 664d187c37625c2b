import DSXCore
import Kernels
import Testing

@testable import Preparation

@Suite struct MinHashTests {
  private func signature(_ text: String, _ parameters: MinHashParameters) -> [UInt32] {
    var minHash = MinHash(parameters)
    _ = minHash.sign(QualitySamples.scan(text, parts: false).units)
    return minHash.signature
  }

  private func jaccard(_ one: [String], _ two: [String], _ n: Int) -> Double {
    func shingles(_ words: [String]) -> Set<[String]> {
      Set((0...max(0, words.count - n)).map { Array(words[$0..<min(words.count, $0 + n)]) })
    }
    let (a, b) = (shingles(one), shingles(two))
    return Double(a.intersection(b).count) / Double(a.union(b).count)
  }

  @Test func kernelAndScalarTwinAgree() {
    var generator = PCG64(seed: 3)
    for functions in [1, 7, 8, 31, 32, 40, 112] {
      let values = (0..<301).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
      let multiply = (0..<functions).map { _ in UInt32(truncatingIfNeeded: generator.next()) | 1 }
      let add = (0..<functions).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
      var fast = [UInt32](repeating: .max, count: functions)
      var slow = fast
      dsx_minhash_update(values, values.count, multiply, add, &fast, functions)
      dsx_minhash_update_scalar(values, values.count, multiply, add, &slow, functions)
      #expect(fast == slow)
    }
  }

  /// The estimate from 112 functions has the standard error sqrt(s (1 - s) / 112), at most 0.0473.
  @Test(arguments: [false, true]) func estimatesTheJaccardSimilarity(han: Bool) {
    var generator = PCG64(seed: han ? 11 : 5)
    let parameters = MinHashParameters()
    var (sum, squares, worst, pairs) = (0.0, 0.0, 0.0, 0)
    for round in 0..<40 {
      let one = QualitySamples.randomText(&generator, units: 300, han: han)
      var two = one
      for _ in 0..<(1 + round) {
        two[Int(generator.bounded(300))] =
          QualitySamples.randomText(&generator, units: 1, han: han)[0]
      }
      let truth = jaccard(one, two, parameters.ngram)
      let joint = han ? "" : " "
      let a = signature(one.joined(separator: joint), parameters)
      let b = signature(two.joined(separator: joint), parameters)
      let estimate = Double(zip(a, b).count { $0 == $1 }) / Double(a.count)
      let error = (estimate - truth) / max(0.01, (truth * (1 - truth) / 112).squareRoot())
      sum += error
      squares += error * error
      worst = max(worst, abs(error))
      pairs += 1
    }
    // In standard errors: no bias, the right spread, nothing far out.
    #expect(abs(sum / Double(pairs)) < 0.5)
    #expect((0.5...1.6).contains(squares / Double(pairs)))
    #expect(worst < 4)
  }

  @Test func shortDocumentsHaveOneShingle() {
    let parameters = MinHashParameters()
    #expect(signature("two words", parameters) == signature("Two, words!", parameters))
    #expect(signature("two words", parameters) != signature("words two", parameters))
    var minHash = MinHash(parameters)
    #expect(minHash.sign(QualitySamples.scan("... !").units) == false)
    #expect(minHash.signature.allSatisfy { $0 == .max })
  }

  @Test func seedsAndSizesMatter() {
    var other = MinHashParameters()
    other.seed = 2
    #expect(signature("a b c d e f", MinHashParameters()) != signature("a b c d e f", other))
    other.buckets = 3
    other.hashes = 5
    #expect(signature("a b c d e f", other).count == 15)
  }

  @Test func contentHashIsTheStartOfSHA256() {
    for length in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000] {
      let bytes = (0..<length).map { UInt8(0x41 + $0 % 50) }
      let hash = bytes.withUnsafeBytes { ContentHash.of($0) }
      var expected = SHA256()
      expected.update(bytes)
      let digits = [hash.x, hash.y].map { half in
        let text = String(half, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
      }
      #expect(digits.joined() == String(expected.hexDigest().prefix(32)), "\(length)")
      let padded = [0x20, 0x0a] + bytes + [0x0d, 0x0a, 0x09]
      #expect(padded.withUnsafeBytes { ContentHash.of($0) } == hash)
    }
  }
}
