import DSXCore
import Testing

@testable import Metrics

@Suite struct MetricTokenizerTests {
  /// sacrebleu's replacements one after the other, over code points.
  static func literal(_ text: String, isChinese: Bool) -> [String] {
    var scalars = Array(text.unicodeScalars.map(\.value))
    func isBlank(_ scalar: UInt32) -> Bool { PythonBlank.isBlank(scalar) }
    if isChinese {
      while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
      while let last = scalars.last, isBlank(last) { scalars.removeLast() }
      scalars = scalars.flatMap { (0x3000...0x9fff).contains($0) ? [0x20, $0, 0x20] : [$0] }
    } else {
      scalars = [0x20] + scalars + [0x20]
    }
    func isMark(_ s: UInt32) -> Bool {
      s < 0x7f && s >= 0x20 && !(0x30...0x39).contains(s) && !(0x41...0x5a).contains(s)
        && !(0x61...0x7a).contains(s) && ![0x27, 0x2c, 0x2d, 0x2e].contains(s)
    }
    scalars = scalars.flatMap { isMark($0) ? [0x20, $0, 0x20] : [$0] }
    func isDigit(_ s: UInt32) -> Bool { (0x30...0x39).contains(s) }
    func isPoint(_ s: UInt32) -> Bool { s == 0x2e || s == 0x2c }
    func rewrite(
      _ first: (UInt32) -> Bool, _ second: (UInt32) -> Bool, _ before: Bool, _ behind: Bool
    ) {
      var out: [UInt32] = []
      var index = 0
      while index < scalars.count {
        if index + 1 < scalars.count, first(scalars[index]), second(scalars[index + 1]) {
          out += (before ? [0x20] : []) + [scalars[index], 0x20, scalars[index + 1]]
          out += behind ? [0x20] : []
          index += 2
        } else {
          out.append(scalars[index])
          index += 1
        }
      }
      scalars = out
    }
    rewrite({ !isDigit($0) }, isPoint, false, true)
    rewrite(isPoint, { !isDigit($0) }, true, false)
    rewrite(isDigit, { $0 == 0x2d }, false, true)
    return scalars.split(whereSeparator: isBlank).map { part in
      String(String.UnicodeScalarView(part.compactMap(Unicode.Scalar.init)))
    }
  }

  @Test func onePassEqualsTheReplacements() {
    var texts = RandomTexts(seed: 1)
    for _ in 0..<4000 {
      let text = texts.marks()
      #expect(
        MetricTokenizer.v13a.tokens(of: text).map { Array($0.utf8) }
          == Self.literal(text, isChinese: false).map { Array($0.utf8) }, "13a of \(text)")
      #expect(
        MetricTokenizer.chinese.tokens(of: text).map { Array($0.utf8) }
          == Self.literal(text, isChinese: true).map { Array($0.utf8) }, "zh of \(text)")
    }
  }

  @Test func entitiesAndLineEnds() {
    #expect(MetricTokenizer.v13a.tokens(of: "&amp;lt;a-\nb<skipped>\nc") == ["<", "ab", "c"])
    #expect(MetricTokenizer.chinese.tokens(of: "&quot;") == ["&", "quot", ";"])
    #expect(MetricTokenizer.v13a.tokens(of: "it is 3.") == ["it", "is", "3", "."])
    #expect(MetricTokenizer.chinese.tokens(of: "it is 3.") == ["it", "is", "3."])
  }

  @Test func mistakenRangesOfChinese() {
    // U+20000 keeps together, arrows and mathematical signs are apart.
    #expect(MetricTokenizer.chinese.tokens(of: "𠀀𠀁→x≤y") == ["𠀀𠀁", "→", "x", "≤", "y"])
  }

  @Test func rougeLosesChineseAndKeepsTwoLetters() {
    #expect(MetricTokenizer.rouge().tokens(of: "今天天气").isEmpty)
    #expect(MetricTokenizer.rouge().tokens(of: "\u{212a}elvin \u{130}x") == ["kelvin", "i", "x"])
    #expect(MetricTokenizer.rougeCJK().tokens(of: "A1今天b") == ["a1", "今", "天", "b"])
    #expect(
      MetricTokenizer.rouge(stem: true).tokens(of: "Running dogs yes") == ["run", "dog", "yes"])
  }

  @Test func lowersAsPython() {
    func lowered(_ text: String) -> String {
      var bytes: [UInt8] = []
      Array(text.utf8).withUnsafeBytes { PythonLower.table.append($0, to: &bytes) }
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(lowered("ΟΔΟΣ ΑΣ. Σ ΣΑ") == "οδος ας. σ σα")
    #expect(Array(lowered("İI").utf8) == Array("i\u{307}i".utf8))
    #expect(lowered("ÀÉẞǅ ⅧΩ中") == "àéßǆ ⅷω中")
  }

  @Test func namesAreUnique() {
    #expect(MetricTokenizer.named["13a"]?.name == "13a")
    #expect(MetricTokenizer.named.allSatisfy { $0.key == $0.value.name })
  }
}
