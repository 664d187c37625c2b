import DSXCore
import Testing

@testable import Reports

@Suite struct TextDifferenceTests {
  private func marked(_ pieces: [TextDifference.Piece]) -> String {
    pieces.map { $0.isChanged ? "[\($0.text)]" : $0.text }.joined()
  }

  @Test(arguments: [
    ("Debian 8 jessie", "Debian 7 wheezy", "Debian [8] [jessie]", "Debian [7] [wheezy]"),
    ("光荣和ω-force", "光荣", "光荣[和ω-force]", "光荣"),
    ("安徽枞阳", "安徽铜陵市", "安徽[枞阳]", "安徽[铜陵市]"),
    ("", "x", "", "[x]"), ("same text", "same text", "same text", "same text"),
    ("a b c", "a c", "a [b ]c", "a c"), ("colour", "color", "[colour]", "[color]"),
  ])
  func marksWhatDiffers(_ before: String, _ now: String, _ left: String, _ right: String) {
    let difference = TextDifference(before, now)
    #expect(marked(difference.before) == left)
    #expect(marked(difference.now) == right)
  }

  /// Pieces put together are the texts, and what is not marked is the same on both sides.
  @Test func piecesAreTheTexts() {
    var generator = PCG64(seed: 11)
    let words = ["the", " ", "cat", "，", "猫", "坐", "在", "12", ".", "垫", "e\u{301}", "👩‍👧"]
    for _ in 0..<200 {
      let texts = (0..<2).map { _ in
        (0..<generator.bounded(20)).map { _ in words[Int(generator.bounded(12))] }.joined()
      }
      let difference = TextDifference(texts[0], texts[1])
      #expect(difference.before.map(\.text).joined() == texts[0])
      #expect(difference.now.map(\.text).joined() == texts[1])
      let kept = [difference.before, difference.now].map { pieces in
        pieces.filter { !$0.isChanged }.map(\.text).joined()
      }
      #expect(kept[0] == kept[1])
    }
  }

  @Test func longTextsAreComparedFromTheirEnds() {
    let middle = String(repeating: "长", count: 4000)
    let difference = TextDifference("a " + middle + " z", "a " + middle + "x z")
    #expect(marked(difference.now).hasSuffix("[x] z"))
    let other = TextDifference(
      "a " + middle + " z", "a " + String(repeating: "短", count: 4000) + " z")
    #expect(other.before.count == 3)
  }

  @Test func calendarKnowsItsDays() {
    #expect(CalendarDate("1970-01-01")?.number == 0)
    #expect(CalendarDate("2026-11-21")?.number == 20_778)
    #expect(CalendarDate("2024-02-29T02:00:00Z")?.day == 29)
    for bad in ["2023-02-29", "2026-11-31", "2026-13-01", "26-11-21", "2026/11/21", ""] {
      #expect(CalendarDate(bad) == nil)
    }
    for number in stride(from: -1000, through: 60_000, by: 37) {
      let date = CalendarDate(number: number)
      #expect(date.number == number)
    }
    // 2026-11-21 is a Saturday: its week begins on the 16th.
    let week = CalendarDate.week(of: 20_778)
    #expect(CalendarDate(number: CalendarDate.monday(ofWeek: week)).day == 16)
  }
}
