/// A tagging scheme, as seqeval 1.2.2 defines it in strict mode.
public enum TagScheme: String, Sendable, CaseIterable {
  /// B- only between two entities of one type.
  case iob1 = "IOB1"
  /// Every entity begins with B-.
  case iob2 = "IOB2"
  /// E- only between two entities of one type.
  case ioe1 = "IOE1"
  /// Every entity ends with E-.
  case ioe2 = "IOE2"
  /// Begin, inside, end, single.
  case iobes = "IOBES"
  /// Begin, inside, last, unit.
  case bilou = "BILOU"
}

/// Whose reading of tags finds the entities.
public enum EntityStyle: Sendable, Equatable {
  /// seqeval's default: as conlleval, an entity also begins where a tag changes its type.
  case lenient
  /// seqeval's strict mode.
  case strict(TagScheme)
  /// MindFormers' EntityScore over BIOS tags: a B- without an I- of its type behind it is no entity.
  case mindformers

  /// How messages and signatures name it.
  var title: String {
    switch self {
    case .lenient: "the default mode"
    case .strict(let scheme): scheme.rawValue
    case .mindformers: "BIOS"
    }
  }

  var allowed: [TagPrefix] {
    switch self {
    case .lenient: TagPrefix.allCases
    case .strict(.iob1), .strict(.iob2): [.inside, .outside, .begin]
    case .strict(.ioe1), .strict(.ioe2): [.inside, .outside, .end]
    case .strict(.iobes): [.inside, .outside, .begin, .end, .single]
    case .strict(.bilou): [.inside, .outside, .begin, .last, .unit]
    case .mindformers: [.inside, .outside, .begin, .single]
    }
  }
}

/// Transitions of a strict scheme between the tag before and the tag itself.
struct TagAutomaton: Sendable {
  /// Bits 1 start, 2 inside, 4 end; at (before * 7 + tag) * 2 + (types differ ? 1 : 0).
  private let bits: [UInt8]

  init(_ scheme: TagScheme) {
    typealias Rule = (before: String, tag: String, same: Bool?)
    let any = "IOBESUL"
    let starts: [Rule]
    let insides: [Rule]
    let ends: [Rule]
    switch scheme {
    case .iob1:
      starts = [
        ("O", "I", nil), ("I", "I", false), ("B", "I", nil), ("I", "B", true), ("B", "B", true),
      ]
      insides = [("BI", "I", true)]
      ends = [
        ("I", "I", false), ("I", "O", nil), ("I", "B", nil), ("B", "O", nil), ("B", "I", false),
        ("B", "B", true),
      ]
    case .iob2:
      starts = [(any, "B", nil)]
      insides = [("BI", "I", true)]
      ends = [
        ("I", "O", nil), ("I", "I", false), ("I", "B", nil), ("B", "O", nil), ("B", "I", false),
        ("B", "B", nil),
      ]
    case .ioe1:
      starts = [("O", "I", nil), ("I", "I", false), ("E", "I", nil), ("E", "E", true)]
      insides = [("I", "IE", true)]
      ends = [
        ("I", "I", false), ("I", "O", nil), ("I", "E", false), ("E", "I", true), ("E", "E", true),
      ]
    case .ioe2:
      starts = [("O", "IE", nil), ("E", "IE", nil), ("I", "IE", false)]
      insides = [("I", "IE", true)]
      ends = [("E", any, nil)]
    case .iobes:
      starts = [(any, "BS", nil)]
      insides = [("BI", "IE", true)]
      ends = [("SE", any, nil)]
    case .bilou:
      starts = [(any, "BU", nil)]
      insides = [("BI", "IL", true)]
      ends = [("UL", any, nil)]
    }
    var bits = [UInt8](repeating: 0, count: 98)
    for (bit, rules) in [(UInt8(1), starts), (2, insides), (4, ends)] {
      for rule in rules {
        for before in rule.before.utf8.compactMap({ TagPrefix(letter: $0) }) {
          for tag in rule.tag.utf8.compactMap({ TagPrefix(letter: $0) }) {
            let place = (Int(before.rawValue) * 7 + Int(tag.rawValue)) * 2
            if rule.same != false { bits[place] |= bit }
            if rule.same != true { bits[place + 1] |= bit }
          }
        }
      }
    }
    self.bits = bits
  }

  @inline(__always)
  func bits(_ before: ParsedTag, _ tag: ParsedTag) -> UInt8 {
    bits[
      (Int(before.prefix.rawValue) * 7 + Int(tag.prefix.rawValue)) * 2
        + (before.type == tag.type ? 0 : 1)]
  }
}
