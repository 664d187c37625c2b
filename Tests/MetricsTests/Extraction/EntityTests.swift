import DSXCore
import Metrics
import Testing

@Suite struct EntityTests {
  private func spans(_ tags: String, _ style: EntityStyle, suffix: Bool = false) throws -> String {
    let metric = try EntityScore(style: style, isSuffix: suffix)
    return try metric.entities(in: tags.split(separator: " ").map(String.init))
      .map { "\($0.type):\($0.start)-\($0.last)" }.joined(separator: " ")
  }

  /// Expected from seqeval 1.2.2's get_entities and Entities, and MindFormers' get_entities_bios.
  @Test func stylesReadTheSameTagsDifferently() throws {
    let tags = "I-A I-A B-A O I-B B-B I-A"
    #expect(try spans(tags, .lenient) == "A:0-1 A:2-2 B:4-4 B:5-5 A:6-6")
    #expect(try spans(tags, .strict(.iob2)) == "A:2-2 B:5-5")
    #expect(try spans(tags, .strict(.iob1)) == "A:0-1 A:2-2 B:4-4 B:5-5 A:6-6")
    // The entity that is open at the end is kept, whole or not.
    #expect(try spans(tags, .mindformers) == "B:5--1")
    #expect(try spans("S-A B-A I-B I-A O B-A", .mindformers) == "A:0-0 A:1-3")
    #expect(try spans("B-A L-A U-A", .strict(.bilou)) == "A:0-1 A:2-2")
    #expect(try spans("B-A L-A U-A", .lenient) == "A:0-2")
    #expect(try spans("A-B A-I O", .lenient, suffix: true) == "A:0-1")
    #expect(try spans("B I O B", .lenient) == "_:0-1 _:3-3")
    #expect(try spans("B--A I-A", .lenient) == "-A:0-0 A:1-1")
    #expect(try spans("B--A I-A", .strict(.iob2)) == "A:0-1")
  }

  @Test func tagsOfAnotherSchemeAreErrors() throws {
    for (tag, style) in [
      ("X-A", EntityStyle.lenient), ("", .lenient), ("M-A", .lenient), ("O-A", .lenient),
      ("L", .lenient), ("中-A", .lenient), ("E-A", .strict(.iob2)), ("B-A", .strict(.ioe1)),
      ("U-A", .strict(.iobes)), ("S-A", .strict(.bilou)), ("E-A", .mindformers),
      ("BA", .mindformers), ("b-A", .lenient),
    ] {
      let metric = try EntityScore(style: style)
      #expect(throws: DSXError.self, "\(tag)") { try metric.entities(in: [tag]) }
    }
    let metric = try EntityScore()
    var counts = metric.zero
    let error = #expect(throws: DSXError.self) {
      try metric.add(gold: [["O"], ["O", "B-A"]], predicted: [["O"], ["O"]], to: &counts)
    }
    #expect(error?.location.row == 1)
    #expect(throws: DSXError.self) {
      try metric.add(gold: [["O"]], predicted: [], to: &counts)
    }
    #expect(throws: DSXError.self) { try EntityScore(average: .label(0)) }
    #expect(throws: DSXError.self) { try EntityScore(zeroDivision: .undefined) }
  }

  @Test func wordsAreRightWhenBothBordersAre() throws {
    let metric = SegmentationScore()
    let counts = try metric.statistics(
      of: SegmentationScore.Example(
        gold: ["我们", "在", "野生", "动物园"], predicted: ["我们", "在", "野生动物", "园"]))
    #expect(counts.hits == 2)
    #expect(metric.score(from: counts) == 0.5)
    #expect(throws: DSXError.self) {
      try metric.statistics(of: SegmentationScore.Example(gold: ["我"], predicted: ["你"]))
    }
    #expect(throws: DSXError.self) {
      try metric.statistics(of: SegmentationScore.Example(gold: ["我", ""], predicted: ["我"]))
    }
  }
}
