import DSXCore
import Testing

@testable import Jieba

@Suite struct JiebaCutterTests {
  static let dictionary: Result<JiebaDictionary, DSXError> = {
    do throws(DSXError) {
      return .success(try JiebaDictionary.load(homes: .checkout))
    } catch { return .failure(error) }
  }()

  func cutter() throws -> JiebaCutter { JiebaCutter(try Self.dictionary.get()) }

  @Test func cutsAsJieba() throws {
    var cutter = try cutter()
    #expect(cutter.words("我来到北京清华大学") == ["我", "来到", "北京", "清华大学"])
    // With the model the unknown name is one word.
    #expect(cutter.words("他来到了网易杭研大厦") == ["他", "来到", "了", "网易", "杭研", "大厦"])
    #expect(
      cutter.words("他来到了网易杭研大厦", hmm: false) == ["他", "来到", "了", "网易", "杭", "研", "大厦"])
    #expect(cutter.words("增长12.5%，v3.14--x") == ["增长", "12.5%", "，", "v3.14", "--", "x"])
    #expect(cutter.words("12.5%", hmm: false) == ["12", ".", "5", "%"])
  }

  @Test func blanksAndLineEnds() throws {
    var cutter = try cutter()
    #expect(
      cutter.words("a\r\nb\r\r\n\n\u{3000}\u{200b}") == [
        "a", "\r\n", "b", "\r", "\r\n", "\n", "\u{3000}", "\u{200b}",
      ])
    #expect(cutter.words("") == [])
    #expect(cutter.words("👨‍👩").count == 3)
  }

  @Test func fullAndSearchMode() throws {
    var cutter = try cutter()
    #expect(
      cutter.words("我来到北京清华大学", mode: .full) == [
        "我", "来到", "北京", "清华", "清华大学", "华大", "大学",
      ])
    // Empty words around white space are jieba's.
    #expect(cutter.words("a \r\nb，", mode: .full) == ["a", "", " ", "", "\r\n", "", "b", "，"])
    #expect(
      cutter.words("小明硕士毕业于中国科学院计算所", mode: .search) == [
        "小明", "硕士", "毕业", "于", "中国", "科学", "学院", "科学院", "中国科学院", "计算", "计算所",
      ])
    let places = cutter.positions("永和服装饰品有限公司", forSearch: true)
    #expect(places.map(\.word) == ["永和", "服装", "饰品", "有限", "公司", "有限公司"])
    #expect(places.map(\.range) == [0..<2, 2..<4, 4..<6, 6..<8, 8..<10, 6..<10])
    #expect(cutter.positions("é中国👍a").map(\.range) == [0..<1, 1..<3, 3..<4, 4..<5])
  }

  @Test func frequencies() throws {
    let dictionary = try Self.dictionary.get()
    #expect(dictionary.total == 60_101_967)
    #expect(dictionary.frequency(of: "的") == 318_825)
    #expect(dictionary.frequency(of: "AT&T") == 3)
    #expect(dictionary.frequency(of: "清华大") == 0)
    #expect(dictionary.frequency(of: "鿿鿿") == nil)
  }

  /// The words cover the text without gaps, whatever bytes come, and also invalid ones.
  @Test func wordsTileTheText() throws {
    var cutter = try cutter()
    var random = PCG64(seed: 7)
    let alphabet: [String] = [
      "中", "国", "人", "民", "A", "1", ".", "%", " ", "\r", "\n", "é", "𠀀", "、",
    ]
    for round in 0..<300 {
      var bytes: [UInt8] = []
      for _ in 0..<random.bounded(40) {
        if round % 3 == 0 {
          bytes.append(UInt8(random.bounded(256)))
        } else {
          bytes.append(contentsOf: alphabet[Int(random.bounded(UInt32(alphabet.count)))].utf8)
        }
      }
      for hmm in [true, false] {
        bytes.withUnsafeBytes { text in
          var position = 0
          cutter.cut(text, hmm: hmm) { word in
            #expect(word.lowerBound == position && word.upperBound > position)
            position = word.upperBound
          }
          #expect(position == text.count)
        }
      }
    }
  }
}

extension Homes {
  /// The checkout's own files, wherever the tests run.
  static var checkout: Homes {
    var homes = Homes.current()
    let package = FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder).folder
    homes.folders.insert(package, at: 0)
    return homes
  }
}
