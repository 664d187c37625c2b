import DSXCore
import Testing

@testable import Preparation

/// The corrected forms of the tasks with examples; the original ones are golden.
@Suite struct ExampleTaskTests {
  private let news = """
    {"label_desc": "news_car", "sentence": "轿车"}
    {"label_desc": "news_tech", "sentence": "芯片"}

    {"label_desc": "news_tech", "sentence": "网络"}
    {"label_desc": "news_game", "sentence": "电竞"}
    """
  private let squad = """
    {"data": [{"paragraphs": [
      {"context": "甲在山上。乙在水里。", "qas": [
        {"question": "甲在哪里？", "answers": [{"text": "山上"}, {"text": "在山上"}]}]},
      {"context": "丙在家。", "qas": [{"question": "丙在哪里？", "answers": [{"text": "家"}]}]}]}]}
    """

  private func options(_ task: PreparationTask, _ length: Int) -> PreparationOptions {
    var options = PreparationOptions(inputs: ["in"])
    options.task = task
    options.sequenceLength = length
    options.workers = 2
    return options
  }

  private struct Row {
    var ids: [Int32]
    var mask: [Int32]
    var labels: [Int32]
    var answers: String?
  }

  private func rows(_ options: PreparationOptions, _ path: String) throws -> [Row] {
    var rows: [Row] = []
    _ = try ExampleTask(ByteTokenizer.vocabulary, options).run(
      path: path, progress: SilentProgress()
    ) { (batch) throws(DSXError) in
      for row in 0..<batch.rows {
        func ids(_ name: String) -> [Int32] {
          guard let column = batch[name], case .int32(let all) = column.elements,
            let offsets = column.offsets
          else { return [] }
          return Array(all[offsets[row]..<offsets[row + 1]])
        }
        rows.append(
          Row(
            ids: ids("input_ids"), mask: ids("attention_mask"), labels: ids("labels"),
            answers: batch["answers"]?.string(row)))
      }
    }
    return rows
  }

  private func text(_ ids: some Sequence<Int32>) -> String {
    String(decoding: ids.filter { $0 < 256 }.map { UInt8($0) }, as: UTF8.self)
  }

  @Test func tnewsComparesAllLabelsAndMasksTheSentenceOnly() throws {
    let folder = try TestFolder()
    let path = try folder.write("dev.json", news)
    var options = options(.tnews, 200)
    options.examples.shots = 0
    let rows = try rows(options, path)
    #expect(rows.count == 4)
    for (row, sentence) in zip(rows, ["轿车", "芯片", "网络", "电竞"]) {
      #expect(row.ids.count == 15 * 200)
      #expect(text(row.ids[0..<200]) == "这是关于故事的文章：" + sentence)
      let marked = zip(row.ids, row.mask).filter { $0.1 == 1 }.map(\.0)
      #expect(text(marked) == String(repeating: sentence, count: 15))
    }
    #expect(rows.map { $0.labels } == [[6], [8], [8], [14]])
  }

  @Test func tnewsNeverShowsARowItself() throws {
    let folder = try TestFolder()
    let path = try folder.write("dev.json", news)
    var options = options(.tnews, 300)
    options.examples.shots = 2
    options.examples.candidates = 3
    for (row, sentence) in zip(try rows(options, path), ["轿车", "芯片", "网络", "电竞"]) {
      #expect(row.ids.count == 3 * 300)
      for candidate in 0..<3 {
        let prompt = text(row.ids[candidate * 300..<(candidate + 1) * 300])
        let lines = prompt.utf8.split(separator: 0x0a)
        #expect(lines.count == 3)
        #expect(prompt.components(sentence) == 1)
      }
    }
  }

  @Test func tnewsLeavesDemonstrationsOutBeforeItCutsAndRefusesAnEmptyRow() throws {
    let folder = try TestFolder()
    let path = try folder.write("dev.json", news)
    var options = options(.tnews, 40)
    options.examples.shots = 2
    let rows = try rows(options, path)
    #expect(text(rows[0].ids[0..<40]) == "这是关于故事的文章：轿车")
    options.sequenceLength = 20
    #expect(throws: DSXError.self) { try self.rows(options, path) }
  }

  @Test func tnewsNamesTheLineOfABadRow() throws {
    let folder = try TestFolder()
    let path = try folder.write(
      "dev.json", news + "\n{\"label_desc\": \"news_cars\", \"sentence\": \"x\"}\n")
    do {
      _ = try rows(options(.tnews, 100), path)
      Issue.record("no error")
    } catch let error as DSXError {
      #expect(error.location.line == 6 && error.location.file == path)
      #expect(error.message.contains("news_cars"))
    }
  }

  @Test func cmrcTakesEveryParagraphAndAllAnswers() throws {
    let folder = try TestFolder()
    let path = try folder.write("dev.json", squad)
    var options = options(.cmrc2018, 150)
    options.examples.answerTokens = 10
    let rows = try rows(options, path)
    #expect(rows.count == 2)
    #expect(text(rows[0].ids) == "阅读文章：甲在山上。乙在水里。\n问：甲在哪里？\n答：")
    #expect(rows[0].mask.filter { $0 == 1 }.count == rows[0].ids.filter { $0 != 257 }.count)
    #expect(text(rows[0].labels) == "山上")
    #expect(rows[0].answers == "[\"山上\",\"在山上\"]")
    #expect(text(rows[1].labels) == "家")
  }

  @Test func cmrcDrawsFromOtherParagraphsAndKeepsTheQuestion() throws {
    let folder = try TestFolder()
    let path = try folder.write("dev.json", squad)
    var options = options(.cmrc2018, 300)
    options.examples.train = path
    options.examples.shots = 5
    let wide = try rows(options, path)
    #expect(text(wide[0].ids).hasPrefix("阅读文章：丙在家。\n问：丙在哪里？\n答：家\n阅读文章：甲"))
    #expect(text(wide[1].ids).hasPrefix("阅读文章：甲在山上。\n问：甲在哪里？\n答：山上\n阅读文章：丙"))
    options.sequenceLength = 60
    for row in try rows(options, path) {
      #expect(row.ids.filter { $0 != 257 }.count <= 28)
      #expect(text(row.ids).hasSuffix("\n答："))
    }
  }

  @Test func sentencesAreCutAsTheOriginalDoes() {
    // Checked against the script's own regular expressions by hand: the character behind a stop is consumed.
    #expect(CMRCSentences.cut("甲。乙！丙？丁?戊") == ["甲。", "乙！", "丙？", "丁?", "戊"])
    #expect(CMRCSentences.cut("“甲。”乙。") == ["“甲。”", "乙。"])
    #expect(CMRCSentences.cut("甲。！乙") == ["甲。", "！乙"])
    #expect(CMRCSentences.cut("“甲。”，乙。 \n") == ["“甲。”，乙。"])
  }

  @Test func wikitextKeepsTheLastPassageAndWhatIsBehindATab() throws {
    let folder = try TestFolder()
    let path = try folder.write(
      "wiki.tokens", " = A = \n\n one\ttwo \n three . \n = B = \n four \n")
    var options = options(.gpt2Wikitext, 4)
    let ids = Array("one\ttwo three.".utf8).map { Int32($0) } + [256]
    let last = Array("four".utf8).map { Int32($0) } + [256]
    let rows = try rows(options, path)
    #expect(rows.flatMap(\.ids) == Array((ids + last).prefix(20)))
    #expect(rows.allSatisfy { $0.labels == $0.ids && $0.mask == [1, 1, 1, 1] })
    options.compatibility = .mindformers
    #expect(try self.rows(options, path).flatMap(\.ids).isEmpty)
    options.sequenceLength = 3
    #expect(text(try self.rows(options, path).flatMap(\.ids)) == "one")
  }

  @Test func optionsThatDoNotFitAreRefused() throws {
    let changes: [(PreparationTask, (inout PreparationOptions) -> Void)] = [
      (.cmrc2018, { $0.examples.candidates = 4 }), (.tnews, { $0.examples.candidates = 1 }),
      (.cmrc2018, { $0.examples.labels = "x" }), (.gpt2Wikitext, { $0.examples.shots = 1 }),
      (
        .tnews,
        {
          $0.compatibility = .mindformers; $0.examples.shots = 2
        }
      ),
      (.cmrc2018, { $0.examples.answerTokens = 300 }), (.tnews, { $0.columnName = "ids" }),
    ]
    for (task, change) in changes {
      var changed = options(task, 100)
      change(&changed)
      #expect(throws: DSXError.self) { try ExampleTask(ByteTokenizer.vocabulary, changed) }
    }
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(_ part: String) -> Int {
    let (text, part) = (Array(utf8), Array(part.utf8))
    return text.indices.filter { text[$0...].starts(with: part) }.count
  }
}
