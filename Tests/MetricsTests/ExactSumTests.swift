import DSXCore
import Foundation
import Testing

@testable import Metrics

@Suite struct ExactSumTests {
  /// Doubles of every size and sign, cancelling ones among them.
  static func values(_ count: Int, seed: UInt64) -> [Double] {
    var generator = PCG64(seed: seed)
    return (0..<count).map { index in
      if index % 7 == 0 { return generator.unit() }
      let bits = generator.next()
      let value = Double(bitPattern: bits)
      return value.isFinite ? value * 1e-10 : 1
    }
  }

  @Test func smallSumsAreExact() {
    var sum = ExactSum()
    for value in [1e100, 1, -1e100, 0.1, -1] { sum.add(value) }
    #expect(sum.value == 0.1)
    #expect(ExactSum().value == 0)
  }

  /// Expected values from CPython 3.11 `math.fsum`.
  @Test(arguments: [
    ([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 1.0),
    ([1e16, 1, 1e-16], 10_000_000_000_000_002.0), ([1, 1e-16, 1e-16], 1.0000000000000002),
    ([-1e308, -5e307, 1e308], -5e307),
    ([.leastNonzeroMagnitude, .leastNonzeroMagnitude], 2 * .leastNonzeroMagnitude),
    ([1e16, 1], 1e16),
    ([-3.5, 2.25], -1.25), ([1e16, 1, -1e-30], 1e16),
  ])
  func roundsOnceToNearestEven(_ values: [Double], _ expected: Double) {
    var sum = ExactSum()
    for value in values { sum.add(value) }
    #expect(sum.value == expected)
    var negative = ExactSum()
    for value in values { negative.add(-value) }
    #expect(negative.value == -expected)
  }

  @Test func productsAreExact() {
    var sum = ExactSum()
    sum.add(product: 0.1, 3)
    sum.add(product: -0.3, 1)
    // 3 * 0.1 and 0.3 differ as doubles' exact values: 2.7755575615628914e-17.
    #expect(sum.value == 2.7755575615628914e-17)
  }

  @Test(arguments: 0..<20) func anyOrderAndPartitionGiveTheSameSum(_ round: Int) throws {
    var values = Self.values(200, seed: UInt64(round))
    var whole = ExactSum()
    for value in values { whole.add(value) }
    var generator = PCG64(seed: 99 + UInt64(round))
    values.shuffle(using: &generator)
    var shards = [ExactSum](repeating: ExactSum(), count: 1 + Int(generator.bounded(6)))
    for value in values { shards[Int(generator.bounded(UInt32(shards.count)))].add(value) }
    var merged = ExactSum()
    for shard in shards {
      let stored = try JSONEncoder().encode(shard)
      merged.add(try JSONDecoder().decode(ExactSum.self, from: stored))
    }
    #expect(merged == whole)
    #expect(merged.value == whole.value)
  }

  /// Two doubles hold the sum while they can; a number of another size brings it into limbs. The sum is
  /// the same either way, and so are its bytes.
  @Test(arguments: 0..<20) func twoDoublesAndLimbsAgree(_ round: Int) throws {
    var generator = PCG64(seed: 500 + UInt64(round))
    var (plain, spread) = (ExactSum(), ExactSum())
    spread.add(1e300)
    for _ in 0..<50 {
      var value = (generator.unit() - 0.5) * [1, 1e-3, 1e6, 1e-20][round % 4]
      if generator.bounded(9) == 0 { value = -plain.value }
      plain.add(value)
      spread.add(value)
      if generator.bounded(5) == 0 {
        plain.add(product: value, 3.3)
        spread.add(product: value, 3.3)
      }
    }
    var back = spread
    back.add(-1e300)
    #expect(plain == back)
    #expect(plain.value.bitPattern == back.value.bitPattern)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(plain) == encoder.encode(back))
    #expect(plain.parts.first ?? 0 == plain.value)
  }

  /// What two doubles cannot hold: over the largest double on the way, and three sizes at once.
  @Test func largeAndScatteredSumsAreExact() {
    var sum = ExactSum()
    for value in [1.7e308, 1.7e308, -1.7e308, 1e-300, 1, -1.7e308] { sum.add(value) }
    #expect(sum.value == 1)
    sum.add(-1)
    #expect(sum.value == 1e-300)
    sum.add(-1e-300)
    #expect(sum == ExactSum())
  }

  @Test func storedSumsAreChecked() {
    for text in [
      #"{"first":-1,"limbs":[1]}"#, #"{"first":67,"limbs":[1,1]}"#, #"{"first":0,"limbs":[-1]}"#,
      #"{"first":0,"limbs":[4294967296]}"#, #"{"first":67,"limbs":[-9223372036854775808]}"#,
      #"{"first":9223372036854775807,"limbs":[]}"#,
    ] {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(ExactSum.self, from: Data(text.utf8))
      }
    }
  }
}
