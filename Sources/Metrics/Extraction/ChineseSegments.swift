/// The segments of answers that the scripts of CMRC2018 compare: Chinese characters one by one, and the
/// words of what lies between.
enum ChineseSegments {
  /// The characters that are deleted. The script's list has 33 entries; that of two characters never
  /// equals one character, so 32 are left.
  static let deleted = Set(
    "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』".unicodeScalars)

  /// U+4E00...9FA5, the script's idea of Chinese.
  static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    (0x4e00...0x9fa5).contains(scalar.value)
  }

  /// `mixed_segmentation(text, rm_punc=True)`; `words` splits what is not Chinese.
  static func segments(
    _ text: String, words: ([Unicode.Scalar]) -> [String]
  ) -> [String] {
    var segments: [String] = []
    var other: [Unicode.Scalar] = []
    for scalar in PythonText.stripped(PythonText.lowered(text))
    where !deleted.contains(scalar) {
      if isChinese(scalar) {
        if !other.isEmpty { segments += words(other) }
        other.removeAll()
        segments.append(String(scalar))
      } else {
        other.append(scalar)
      }
    }
    if !other.isEmpty { segments += words(other) }
    return segments
  }

  /// `remove_punctuation(text)`.
  static func withoutPunctuation(_ text: String) -> [Unicode.Scalar] {
    PythonText.stripped(PythonText.lowered(text)).filter { !deleted.contains($0) }
  }

  /// F1 by the longest run of segments that both have.
  static func f1(_ gold: [String], _ predicted: [String]) -> Double {
    TokenOverlap.f1(
      shared: TokenOverlap.longestCommonRun(
        gold.map(ExactText.init), predicted.map(ExactText.init)), gold: gold.count,
      predicted: predicted.count)
  }
}
