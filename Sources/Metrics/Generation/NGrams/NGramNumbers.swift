/// Numbers for n-grams, the same for the same n-gram of any text. Exact.
struct NGramNumbers {
  private struct Key: Hashable {
    var beginning: Int
    var token: Int32
  }
  private var known: [Key: Int] = [:]
  private var next: Int

  init(tokens: Int) { next = tokens }

  /// The number of each n-gram, in order.
  mutating func numbers(_ tokens: UnsafeBufferPointer<Int32>, order: Int) -> [Int] {
    guard tokens.count >= order else { return [] }
    var numbers: [Int] = []
    numbers.reserveCapacity(tokens.count - order + 1)
    for start in 0...(tokens.count - order) {
      var number = Int(tokens[start])
      for index in (start + 1)..<(start + order) {
        let key = Key(beginning: number, token: tokens[index])
        if let found = known[key] {
          number = found
        } else {
          known[key] = next
          number = next
          next += 1
        }
      }
      numbers.append(number)
    }
    return numbers
  }
}
