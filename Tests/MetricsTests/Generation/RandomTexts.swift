import DSXCore

/// Seeded texts that meet the tokenizers' rules often.
struct RandomTexts {
  var generator: PCG64

  init(seed: UInt64) { generator = PCG64(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int(generator.bounded(UInt32(bound))) }
  mutating func pick(_ words: [String]) -> String { words[below(words.count)] }

  static let words = [
    "the", "cat", "sat", "a", "mat", "3.14", "x-ray", "中文", "今天。", "Σ", "ΟΔΟΣ", "don't", "...",
    "1,000", "5.", ".5", "&amp;", "🙂", "naïve", "running",
  ]

  /// Words between blanks.
  mutating func sentence(_ most: Int = 14) -> String {
    (0..<below(most + 1)).map { _ in pick(Self.words) }.joined(separator: " ")
  }

  /// Characters at which the rules of 13a and zh turn.
  mutating func marks(_ most: Int = 18) -> String {
    let marks = ["a", "1", "2", ".", ",", "-", " ", "!", "'", "中", "。", "\u{3000}", "é", "."]
    return (0..<below(most + 1)).map { _ in pick(marks) }.joined()
  }

  /// A text that shares words with another.
  mutating func noise(_ text: String) -> String {
    var words = text.utf8.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    for _ in 0..<below(4) where !words.isEmpty {
      switch below(3) {
      case 0: words.remove(at: below(words.count))
      case 1: words.insert(pick(Self.words), at: below(words.count + 1))
      default: words.swapAt(below(words.count), below(words.count))
      }
    }
    return words.joined(separator: " ")
  }

  mutating func examples(_ count: Int, references: Int = 1) -> [TextPair] {
    (0..<count).map { _ in
      let reference = sentence()
      return TextPair(
        hypothesis: noise(reference),
        references: [reference] + (1..<max(1, references)).map { _ in noise(reference) })
    }
  }
}

/// A hypothesis and its references.
struct TextPair {
  var hypothesis: String
  var references: [String]
}
