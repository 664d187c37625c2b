/// The counts that a BLEU score is made from, as they lie in `TextCounts.values`:
/// hypothesis length, reference length, matches of each order, n-grams of each order.
struct BLEUCounts {
  var hypothesisLength: Int
  var referenceLength: Int
  var matches: [Int]
  var totals: [Int]

  /// Numbers of one tokenizer.
  static func width(_ order: Int) -> Int { 2 + 2 * order }

  init(_ values: ArraySlice<Int>, order: Int) {
    let first = values.startIndex
    hypothesisLength = values[first]
    referenceLength = values[first + 1]
    matches = Array(values[(first + 2)..<(first + 2 + order)])
    totals = Array(values[(first + 2 + order)..<(first + 2 + 2 * order)])
  }
}
