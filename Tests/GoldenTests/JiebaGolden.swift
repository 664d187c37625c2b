import DSXCore
import Jieba
import Testing

/// Words of jieba 0.42.1 in all modes: `prepare/jieba.jsonl`.
enum JiebaGolden {
  static func walk(_ run: GoldenRun) throws {
    guard FilePath.exists(run.path("jieba.jsonl")) else { return }
    let texts = try lines(run)
    var cutter = JiebaCutter(try JiebaDictionary.load(homes: .forTests))
    for golden in try run.jsonLines("jieba.jsonl") {
      let id = golden["id"]?.string ?? "?"
      guard let text = texts[id], let cut = golden["cut"]?.strings else {
        run.check("jieba_cut", id) { "the golden has no text or no words" }
        continue
      }
      run.expectEqual("jieba_cut", id, cutter.words(text), cut)
      // `nohmm` is there only where it differs.
      let plain = golden["nohmm"]?.strings ?? cut
      run.expectEqual("jieba_nohmm", id, cutter.words(text, hmm: false), plain)
      if let all = golden["all"]?.strings {
        run.expectEqual("jieba_all", id, cutter.words(text, mode: .full), all)
      }
      if let search = golden["search"]?.strings {
        run.expectEqual("jieba_search", id, cutter.words(text, mode: .search), search)
      }
    }
  }

  /// The input strings by id.
  static func lines(_ run: GoldenRun) throws -> [String: String] {
    var texts: [String: String] = [:]
    for line in try run.jsonLines("lines.jsonl") {
      if let id = line["id"]?.string { texts[id] = line["text"]?.string }
    }
    return texts
  }
}

extension Homes {
  /// The checkout's own files, wherever the tests run.
  static var forTests: Homes {
    var homes = Homes.current()
    homes.folders.insert(GoldenPlaces.current.package, at: 0)
    return homes
  }
}

extension JSONValue {
  /// The strings of an array.
  var strings: [String]? { array?.compactMap(\.string) }
  /// The integers of an array.
  var ids: [Int32]? { array?.compactMap { $0.int.map { Int32($0) } } }
}
