import Testing

@testable import Preparation

@Suite struct PermutationTests {
  @Test(arguments: [1, 2, 3, 4, 5, 63, 64, 65, 1000, 4097])
  func everyValueOnce(count: Int) {
    let order = Permutation(count: count, name: "rows train", seed: 1, epoch: 0)
    #expect((0..<count).map { order[$0] }.sorted() == Array(0..<count))
  }

  @Test func seedEpochAndNameChooseTheOrder() {
    func order(_ name: String, _ seed: UInt64, _ epoch: Int) -> [Int] {
      let permutation = Permutation(count: 1000, name: name, seed: seed, epoch: epoch)
      return (0..<1000).map { permutation[$0] }
    }
    let first = order("rows", 1, 0)
    #expect(first == order("rows", 1, 0))
    for other in [order("rows", 2, 0), order("rows", 1, 1), order("documents", 1, 0)] {
      // About one value in 1000 stays by chance.
      #expect(zip(first, other).filter { $0 == $1 }.count < 12)
    }
  }

  /// All orders of four come about equally often: chi square with 23 degrees of freedom.
  @Test func ordersAreUniform() {
    var seen: [[Int]: Int] = [:]
    for seed in 0..<4800 {
      let order = Permutation(count: 4, name: "rows", seed: UInt64(seed), epoch: 0)
      seen[(0..<4).map { order[$0] }, default: 0] += 1
    }
    #expect(seen.count == 24)
    let square = seen.values.reduce(0.0) { $0 + (Double($1) - 200) * (Double($1) - 200) / 200 }
    // 0.1 % of uniform draws are above 49.7.
    #expect(square < 49.7, "chi square \(square)")
  }
}
