import Testing

@testable import Preparation

@Suite struct UnitScannerTests {
  private func counts(_ text: String) -> (units: Int, words: Int, characters: Int) {
    let scanner = QualitySamples.scan(text)
    return (scanner.units.count, scanner.measures.words, scanner.measures.characters)
  }

  @Test func wordsAndHanCharactersAreUnits() {
    #expect(counts("Hello, world 42") == (3, 3, 15))
    #expect(counts("你好，世界") == (4, 0, 5))
    #expect(counts("用Swift写3行") == (5, 2, 9))
    #expect(counts("don't stop") == (2, 2, 10))
    #expect(counts("'quoted' words'") == (2, 2, 15))
    #expect(counts("カタカナとひらがな") == (9, 0, 9))
    #expect(counts("한국어 문장") == (2, 2, 6))
    #expect(counts("") == (0, 0, 0))
    #expect(counts("𠀀𠀁 😀") == (2, 0, 4))
    // A combining mark belongs to its word.
    #expect(counts("e\u{301}t\u{e9}") == (1, 1, 4))
  }

  @Test func hashesIgnoreCaseAndPunctuation() {
    let one = QualitySamples.scan("The CAT, sat. ÉTÉ Привет").units.hashes
    let two = QualitySamples.scan("the cat (sat) été — привет").units.hashes
    #expect(one == two)
    #expect(one.count == 5)
    #expect(QualitySamples.scan("a").units.hashes != QualitySamples.scan("b").units.hashes)
  }

  @Test func scriptsAreCounted() {
    let scripts = QualitySamples.scan("中文 abc ДА かな 한 عر ελ 12 ，. \n").measures.scripts
    let expected: [(Script, UInt32)] = [
      (.han, 2), (.latin, 3), (.cyrillic, 2), (.kana, 2), (.hangul, 1), (.arabic, 2), (.other, 2),
      (.digits, 2), (.punctuation, 2), (.blank, 10),
    ]
    for (script, count) in expected { #expect(scripts[script.index] == count, "\(script)") }
  }

  @Test func linesAreMeasured() {
    let text = """
      - a bullet line that is much longer than thirty columns
      • another……
      A sentence ends here, and it is long enough.”
      waits...  \n
      中文中文中文中文中文中文中文中文
      no end
      """
    let m = QualitySamples.scan(text).measures
    #expect(m.lines == 6)
    #expect(m.lineFeeds == 6)
    #expect(m.bulletLines == 2)
    #expect(m.ellipsisLines == 2)
    // The ellipses end sentences as well.
    #expect(m.endedLines == 3)
    #expect(m.ellipses == 2)
    // "• another……", "waits...", "no end"; 16 Han characters are 32 columns.
    #expect(m.shortLines == 3)
  }

  @Test func linesAndParagraphsAreHashedWithoutOuterBlanks() {
    let scanner = QualitySamples.scan("  one\ntwo \n\n\n one\r\n two\n \nthree")
    #expect(scanner.lines.count == 5)
    #expect(scanner.lines.hashes[0] == scanner.lines.hashes[2])
    #expect(scanner.lines.hashes[1] == scanner.lines.hashes[3])
    #expect(scanner.lines.lengths == [3, 3, 3, 3, 5])
    #expect(scanner.paragraphs.count == 3)
    #expect(scanner.paragraphs.lengths == [6, 6, 5])
  }

  @Test func invalidBytesDoNotHarm() {
    var scanner = UnitScanner(parts: true)
    for bytes: [UInt8] in [
      [0xff], [0xe4, 0xbd], [0xf0, 0x9f], [0xc2], [0xed, 0xa0, 0x80], [0xf4],
    ] {
      bytes.withUnsafeBytes { scanner.scan($0) }
      #expect(scanner.measures.characters > 0)
    }
  }

  @Test func windowsWeighWordsAndHanAlike() {
    func windows(_ text: String, _ n: Int) -> [Range<Int>] {
      let units = QualitySamples.scan(text).units
      var found: [Range<Int>] = []
      units.hashes.withUnsafeBufferPointer { hashes in
        units.lengths.withUnsafeBufferPointer { lengths in
          WeightedWindow.powers(n).withUnsafeBufferPointer { powers in
            WeightedWindow.forEach(n, hashes: hashes, lengths: lengths, powers: powers) {
              start, end, _ in found.append(start..<end)
            }
          }
        }
      }
      return found
    }
    #expect(windows("a b c d", 3) == [0..<3, 1..<4])
    // 1.5 * 3 rounded up: five characters.
    #expect(windows("一二三四五六", 3) == [0..<5, 1..<6])
    #expect(windows("一二三 word 四", 2) == [0..<3, 1..<4, 2..<5])
    #expect(windows("a b", 3).isEmpty)
  }

  @Test func equalWindowsHashEquallyAnywhere() {
    let units = QualitySamples.scan("x y z 中文 q x y z 中文 r").units
    var hashes: [Int: UInt64] = [:]
    units.hashes.withUnsafeBufferPointer { all in
      units.lengths.withUnsafeBufferPointer { lengths in
        WeightedWindow.powers(4).withUnsafeBufferPointer { powers in
          WeightedWindow.forEach(4, hashes: all, lengths: lengths, powers: powers) {
            start, _, hash in hashes[start] = hash
          }
        }
      }
    }
    #expect(hashes[0] == hashes[6])
    #expect(hashes[1] != hashes[7])
  }
}
