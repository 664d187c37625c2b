import DSXCore
import Testing

@testable import Preparation

@Suite struct PreparationCardTests {
  private func card(runtime: JSONValue = .object([])) throws -> PreparationCard {
    var statistics = CardStatistics(sequenceLength: 8)
    for (number, text) in ["中文<b>&\nabc", "abc", "a longer one\nabc"].enumerated() {
      let bytes = Array(text.utf8)
      bytes.withUnsafeBytes {
        statistics.add(
          $0, place: DocumentPlace(input: number % 2, byte: number), tokens: 5 * number + 1,
          unknown: number)
      }
    }
    statistics.addDropped(.exactDuplicate, place: DocumentPlace(input: 0, byte: 9), bytes: 4)
    var facts = PreparationCard.Facts()
    facts.title = "out.mindrecord"
    facts.tool = "dsx test"
    facts.plan = String(repeating: "ab", count: 32)
    facts.inputs = [
      PreparationCard.Input(name: "a<1>.txt", bytes: 40, sha256: "00"),
      PreparationCard.Input(name: "b.txt", bytes: 4, sha256: "11"),
    ]
    facts.vocabulary = ["name": "dsx16k", "sha256": "22"]
    facts.options = ["seq_length": 8]
    facts.quality.dropsExactDuplicates = true
    facts.counts = ["rows": 2]
    facts.runtime = runtime
    return PreparationCard(statistics, facts)
  }

  @Test func theJSONHoldsTheNumbers() throws {
    let json = try card().json
    #expect(json["documents"]?["kept"]?.int == 3)
    #expect(json["documents"]?["tokens"]?.int == 18)
    #expect(json["documents"]?["exact_duplicates"]?.int == 1)
    #expect(json["documents"]?["unknown_rate"]?.double == 3.0 / 18)
    #expect(json["lengths"]?["longer"]?.int == 1)
    #expect(json["lines"]?["repeated"]?.array?[0]["text"]?.string == "abc")
    #expect(json["lines"]?["repeated"]?.array?[0]["count"]?.int == 3)
    #expect(json["files"]?.array?.count == 2)
    #expect(json["files"]?.array?[0]["dropped"]?.int == 1)
    #expect(json["dropped"]?.array?[0]["reason"]?.string == "duplicate/exact")
    // Whoever reads only the text finds the same value again.
    #expect(try JSONParser.parse(json.text(.indented)) == json)
  }

  @Test func onlyRuntimeMayDiffer() throws {
    let (one, two) = (try card(), try card(runtime: ["seconds": 3]))
    #expect(one.html == two.html)
    guard case .object(var a) = one.json, case .object(var b) = two.json else { return }
    #expect(a.popLast()?.name == "runtime")
    #expect(b.popLast()?.name == "runtime")
    #expect(a == b)
  }

  @Test func thePageEscapesAndLoadsNothing() throws {
    let html = try card().html
    #expect(html.contains("a&lt;1&gt;.txt"))
    #expect(!html.contains("http"))
    #expect(!html.contains("src="))
    #expect(html.contains("row length 8"))
    #expect(html.contains("duplicate/exact"))
  }

  @Test(arguments: [2, 1025, 1 << 24])
  func theLineOfTheRowLengthIsAlwaysOnTheChart(row: Int) {
    var statistics = CardStatistics(sequenceLength: row)
    for text in ["a", "bc"] {
      Array(text.utf8).withUnsafeBytes {
        statistics.add($0, place: DocumentPlace(input: 0, byte: 0), tokens: 100, unknown: 0)
      }
    }
    let panel = PreparationCard(statistics, PreparationCard.Facts()).lengthPanel
    guard case .histogram(let chart)? = panel.blocks.first, let marker = chart.markers.first else {
      Issue.record("no chart with a line")
      return
    }
    #expect(marker.value >= chart.lower && marker.value < chart.upper)
  }

  @Test func nothingCountedIsAPageToo() {
    let card = PreparationCard(CardStatistics(sequenceLength: 8), PreparationCard.Facts())
    #expect(card.html.contains("There is no text."))
    #expect(card.json["documents"]?["unknown_rate"]?.double == 0)
  }
}
