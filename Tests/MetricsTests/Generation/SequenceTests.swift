import DSXCore
import Testing

@testable import Metrics

/// The bit-parallel and hashed loops beside plain ones.
@Suite struct SequenceTests {
  static func random(_ texts: inout RandomTexts, _ most: Int, _ alphabet: Int) -> [Int32] {
    (0..<texts.below(most + 1)).map { _ in Int32(texts.below(alphabet)) }
  }

  static func table(_ left: [Int32], _ right: [Int32]) -> [[Int]] {
    var table = [[Int]](
      repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
    for i in left.indices {
      for j in right.indices {
        table[i + 1][j + 1] =
          left[i] == right[j] ? table[i][j] + 1 : max(table[i][j + 1], table[i + 1][j])
      }
    }
    return table
  }

  @Test func commonSubsequences() {
    var texts = RandomTexts(seed: 2)
    var common = LongestCommonSubsequence()
    for round in 0..<300 {
      let most = round % 10 == 0 ? 150 : 12
      let own = Self.random(&texts, most, 5)
      let theirs = Self.random(&texts, most, 7)
      // Tokens of the hypothesis are numbered first: those that only the reference has are above.
      let table = Self.table(theirs, own)
      own.withUnsafeBufferPointer { own in
        theirs.withUnsafeBufferPointer { theirs in
          #expect(
            common.length(own, theirs, distinct: 5) == table[theirs.count][own.count])
          for preference in [LongestCommonSubsequence.Preference.reference, .hypothesis] {
            var traced: [Int] = []
            common.trace(own, theirs, distinct: 5, preference: preference) { traced.append($0) }
            var expected: [Int] = []
            var (i, j) = (theirs.count, own.count)
            while i > 0, j > 0 {
              if theirs[i - 1] == own[j - 1] {
                expected.append(i - 1)
                (i, j) = (i - 1, j - 1)
              } else if preference == .reference
                ? table[i][j - 1] > table[i - 1][j] : !(table[i - 1][j] > table[i][j - 1])
              {
                j -= 1
              } else {
                i -= 1
              }
            }
            #expect(traced == expected)
          }
        }
      }
    }
  }

  static func levenshtein(_ left: [Int32], _ right: [Int32]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let cost = min(diagonal + (a == b ? 0 : 1), row[j] + 1, row[j + 1] + 1)
        diagonal = row[j + 1]
        row[j + 1] = cost
      }
    }
    return row[right.count]
  }

  @Test func editAlignments() {
    var texts = RandomTexts(seed: 3)
    var alignment = EditAlignment()
    for round in 0..<300 {
      let most = round % 10 == 0 ? 200 : 14
      let left = Self.random(&texts, most, 4)
      let right = Self.random(&texts, most, 4)
      let expected = Self.levenshtein(left, right)
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          let counts = alignment.counts(left, right, distinct: 4)
          #expect(counts.errors == expected)
          #expect(counts.hits + counts.substitutions + counts.deletions == left.count)
          #expect(counts.hits + counts.substitutions + counts.insertions == right.count)
          #expect(alignment.distance(left, right, distinct: 4) == expected)
        }
      }
    }
  }

  @Test func halvingKeepsTheDistance() {
    var texts = RandomTexts(seed: 4)
    var alignment = EditAlignment()
    let left = (0..<2300).map { _ in Int32(texts.below(6)) }
    var right = left.filter { _ in texts.below(10) > 0 }
    for index in stride(from: 3, to: right.count, by: 17) { right[index] = 5 - right[index] }
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        let counts = alignment.counts(left, right, distinct: 6)
        #expect(counts.errors == alignment.distance(left, right, distinct: 6))
        #expect(counts.hits + counts.substitutions + counts.deletions == left.count)
      }
    }
  }

  @Test func matchedNGrams() {
    var texts = RandomTexts(seed: 5)
    let matcher = NGramMatcher()
    for _ in 0..<300 {
      let own = Self.random(&texts, 30, 4)
      let references = (0..<(1 + texts.below(3))).map { _ in Self.random(&texts, 30, 6) }
      matcher.start(distinct: 4)
      for reference in references {
        reference.withUnsafeBufferPointer { matcher.add(reference: $0, order: 5) }
      }
      var matches = [Int](repeating: 0, count: 5)
      own.withUnsafeBufferPointer { own in
        matches.withUnsafeMutableBufferPointer { matches in
          guard let base = matches.baseAddress else { return }
          matcher.match(hypothesis: own, order: 5, into: base)
        }
      }
      func counts(_ tokens: [Int32], _ order: Int) -> [[Int32]: Int] {
        guard tokens.count >= order else { return [:] }
        return (0...(tokens.count - order)).reduce(into: [:]) {
          $0[Array(tokens[$1..<($1 + order)]), default: 0] += 1
        }
      }
      for order in 1...5 {
        let all = references.map { counts($0, order) }
        let expected = counts(own, order).reduce(0) { sum, entry in
          sum + min(entry.value, all.map { $0[entry.key] ?? 0 }.max() ?? 0)
        }
        #expect(matches[order - 1] == expected)
      }
    }
  }

  @Test func shiftsSaveAtMostWhatTheyCost() throws {
    var texts = RandomTexts(seed: 6)
    var edits = TranslationEdits()
    for _ in 0..<200 {
      let left = Self.random(&texts, 40, 9)
      let right = Self.random(&texts, 40, 9)
      let distance = Self.levenshtein(left, right)
      let count = try left.withUnsafeBufferPointer { left in
        try right.withUnsafeBufferPointer { try edits.count(left, $0, distinct: 9) }
      }
      #expect(count <= distance && count >= abs(left.count - right.count))
    }
  }
}
