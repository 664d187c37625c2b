import DSXCore
import Testing

/// Expected values from numpy 2.4.6: `default_rng(seed)`.
@Suite struct PCG64Tests {
  @Test func rawWordsEqualNumPy() {
    var generator = PCG64(seed: 12345)
    let expected: [UInt64] = [
      4193609425186963869,
      5843160025838961886,
      14708796524633321433,
      12474696839993944336,
    ]
    #expect((0..<4).map { _ in generator.next() } == expected)
  }

  @Test func boundedDrawsEqualNumPyIntegers() {
    var generator = PCG64(seed: 2)
    let expected: [UInt32] = [14, 4, 1, 5, 7, 13, 7, 1, 5, 10, 13, 12]
    #expect((0..<12).map { _ in generator.bounded(17) } == expected)
  }

  /// Bounds over 2^31 are drawn again about every second time.
  @Test(arguments: [1, 2, 17, 400_000, 1 << 31, (1 << 31) + 7, .max] as [UInt32])
  func filledDrawsAreBoundedOnes(_ bound: UInt32) {
    var one = PCG64(seed: 7)
    var two = one
    for count in [0, 1, 2, 5, 64, 3, 101] {
      let expected = (0..<count).map { _ in one.bounded(bound) }
      var numbers = [UInt32](repeating: 9, count: count)
      numbers.withUnsafeMutableBufferPointer { two.fill($0, below: bound) }
      #expect(numbers == expected)
    }
    #expect(one.next() == two.next())
  }

  @Test func wideSeedsAndUnitDrawsEqualNumPy() {
    var generator = PCG64(seed: (1 << 40) + 7)
    let expected = [0.829812891829413, 0.25530515834910417, 0.15379071585298754]
    #expect((0..<3).map { _ in generator.unit() } == expected)
  }
}
