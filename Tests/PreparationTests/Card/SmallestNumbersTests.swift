import Testing

@testable import Preparation

@Suite struct SmallestNumbersTests {
  private func check(_ numbers: [UInt64], sourceLocation: SourceLocation = #_sourceLocation) {
    let sorted = numbers.sorted()
    for count in Set([1, 2, numbers.count / 3, numbers.count / 2, numbers.count - 1, numbers.count])
    where (1...numbers.count).contains(count) {
      #expect(
        SmallestNumbers.largest(of: count, in: numbers) == sorted[count - 1],
        "\(count) of \(numbers.count)", sourceLocation: sourceLocation)
    }
  }

  @Test func isThatOfSortedNumbers() {
    var state = UInt64(2026)
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
    for count in 1...40 {
      check((0..<count).map { _ in next() })
      check((0..<count).map { _ in next() % 3 })
    }
    check((0..<65_536).map { _ in next() })
  }

  @Test func ordersThatAreNotRandom() {
    check(Array(0..<5_000))
    check((0..<5_000).reversed())
    check([UInt64](repeating: 7, count: 5_000))
    check(Array(0..<2_500) + (0..<2_500).reversed())
    check([.max, 0, .max, 0, .max])
  }
}
