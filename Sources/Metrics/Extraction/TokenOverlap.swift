/// How two lists of tokens agree.
enum TokenOverlap {
  /// Tokens that both have, each as often as the one that has it less often.
  static func shared<Token: Hashable>(_ left: [Token], _ right: [Token]) -> Int {
    var counts: [Token: Int] = [:]
    for token in left { counts[token, default: 0] += 1 }
    var shared = 0
    for token in right {
      if let count = counts[token], count > 0 {
        counts[token] = count - 1
        shared += 1
      }
    }
    return shared
  }

  /// 2 p r / (p + r) with p = shared / predicted, r = shared / gold; 0 without anything shared.
  static func f1(shared: Int, gold: Int, predicted: Int) -> Double {
    guard shared > 0 else { return 0 }
    let precision = Double(shared) / Double(predicted)
    let recall = Double(shared) / Double(gold)
    return 2 * precision * recall / (precision + recall)
  }

  /// Length of the longest run of tokens that both have in one piece. O(n m).
  static func longestCommonRun<Token: Equatable>(_ left: [Token], _ right: [Token]) -> Int {
    var row = [Int](repeating: 0, count: right.count + 1)
    var longest = 0
    for token in left {
      var diagonal = 0
      for place in right.indices {
        let above = row[place + 1]
        row[place + 1] = token == right[place] ? diagonal + 1 : 0
        longest = max(longest, row[place + 1])
        diagonal = above
      }
    }
    return longest
  }
}
