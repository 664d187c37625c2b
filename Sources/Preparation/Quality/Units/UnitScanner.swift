/// One pass over a document: its measures, its units, and the hashes of its lines and paragraphs.
///
/// A word is a run of letters, marks and numbers; an apostrophe between two letters stays inside.
/// Characters of Han and Kana are units of their own. All else parts units. Words are hashed in lower
/// case, so equal n-grams differ at most in case, punctuation and blanks.
struct UnitScanner: Sendable {
  /// Lines of at most this many columns are short (FineWeb).
  static let shortColumns = 30

  private(set) var measures = DocumentMeasures()
  private(set) var units = UnitList()
  private(set) var lines = HashedParts()
  private(set) var paragraphs = HashedParts()
  private let wantsParts: Bool
  private let table = CharacterTable.shared

  /// `parts`: whether lines and paragraphs are hashed.
  init(parts: Bool) { wantsParts = parts }

  /// Takes the next document; `text` is valid UTF-8 (anything else is counted as punctuation).
  mutating func scan(_ text: UnsafeRawBufferPointer) {
    measures = DocumentMeasures()
    units.removeAll()
    lines.removeAll()
    paragraphs.removeAll()
    var pass = Pass(wantsParts: wantsParts)
    table.classes.withUnsafeBufferPointer { classes in
      table.lower.withUnsafeBufferPointer { lower in
        pass.run(text, classes, lower, &self)
      }
    }
  }
}

extension UnitScanner {
  /// The state of a pass, in local variables as far as the compiler can.
  private struct Pass {
    let wantsParts: Bool

    init(wantsParts: Bool) { self.wantsParts = wantsParts }

    private struct Line {
      var start = -1
      var end = 0
      var characters: UInt32 = 0
      var trailingBlanks: UInt32 = 0
      var columns = 0
      var isBullet = false
      var isEnded = false
      var dots = 0
    }

    mutating func run(
      _ text: UnsafeRawBufferPointer, _ classes: UnsafeBufferPointer<UInt8>,
      _ lower: UnsafeBufferPointer<UInt16>, _ scanner: inout UnitScanner
    ) {
      var measures = DocumentMeasures()
      var line = Line()
      var paragraph = (start: -1, end: 0, characters: UInt32(0))
      var dots = 0
      var index = 0
      let count = text.count
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 16) { scripts in
        scripts.initialize(repeating: 0)
        while index < count {
          let start = index
          var value = UInt32(text[index])
          var kind: UInt8
          if value < 0x80 {
            kind = classes[Int(value)]
            index += 1
          } else {
            value = UnitScanner.decode(text, &index)
            kind = value < 0x1_0000 ? classes[Int(value)] : CharacterTable.upperPlane(value)
          }

          if kind & CharacterClass.word != 0 {
            // A word, to its end.
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            var length: UInt32 = 0
            var flags: UInt8 = 0
            var wordEnd = index
            while true {
              let folded = value < 0x1_0000 ? UInt32(lower[Int(value)]) : value
              hash = (hash ^ UInt64(folded)) &* 0x0000_0100_0000_01b3
              length &+= 1
              flags |= kind
              scripts[Int(kind & 15)] &+= 1
              wordEnd = index
              guard index < count else { break }
              var next = index
              value = UInt32(text[next])
              if value < 0x80 {
                next += 1
                kind = classes[Int(value)]
                if value == 0x27, next < count, kind & CharacterClass.word == 0 {
                  // An apostrophe inside of a word.
                  let after = text[next]
                  guard after < 0x80, classes[Int(after)] & CharacterClass.letter != 0 else {
                    break
                  }
                  scripts[Script.punctuation.index] &+= 1
                  hash = (hash ^ 0x27) &* 0x0000_0100_0000_01b3
                  length &+= 1
                  value = UInt32(after)
                  kind = classes[Int(value)]
                  next += 1
                }
              } else {
                value = UnitScanner.decode(text, &next)
                kind = value < 0x1_0000 ? classes[Int(value)] : CharacterTable.upperPlane(value)
              }
              guard kind & CharacterClass.word != 0 else { break }
              index = next
            }
            scanner.units.append(Mixing.spread(hash), length | UnitList.wordBit)
            measures.words += 1
            measures.wordCharacters += Int(length)
            measures.alphabeticUnits += flags & CharacterClass.letter != 0 ? 1 : 0
            if line.start < 0 { line.start = start }
            line.characters &+= line.trailingBlanks &+ length
            line.columns += Int(line.trailingBlanks &+ length)
            line.trailingBlanks = 0
            line.end = wordEnd
            line.isEnded = false
            (dots, line.dots) = (0, 0)
            continue
          }

          scripts[Int(kind & 15)] &+= 1
          if kind & CharacterClass.single != 0 {
            scanner.units.append(Mixing.spread(UInt64(value) | 1 << 40), 1)
            measures.alphabeticUnits += 1
            if line.start < 0 { line.start = start }
            line.characters &+= line.trailingBlanks &+ 1
            line.columns += Int(line.trailingBlanks) + 2
            line.trailingBlanks = 0
            line.end = index
            line.isEnded = false
            (dots, line.dots) = (0, 0)
          } else if Int(kind & 15) == Script.blank.index {
            if value == 0x0a {
              finish(&line, dots, text, &measures, &scanner, &paragraph)
              measures.lineFeeds += 1
              dots = 0
            } else if line.start >= 0 {
              line.trailingBlanks &+= 1
              // A blank ends a run of dots for counting, but not for what the line ends with.
              if dots != 0 { (line.dots, dots) = (dots, 0) }
            }
          } else {
            if line.start < 0 {
              line.start = start
              line.isBullet = UnitScanner.isBullet(value)
            }
            line.characters &+= line.trailingBlanks &+ 1
            line.columns += Int(line.trailingBlanks) + (value >= 0x3000 && value < 0xff60 ? 2 : 1)
            line.trailingBlanks = 0
            line.end = index
            line.dots = 0
            if kind & CharacterClass.terminal != 0 {
              line.isEnded = true
            } else if !UnitScanner.isCloser(value) {
              line.isEnded = false
            }
            // Positive: full stops in a row; -1: inside a run of U+2026.
            if value == 0x2e {
              dots = dots > 0 ? dots + 1 : 1
              if dots == 3 { measures.ellipses += 1 }
            } else if value == 0x2026 {
              if dots != -1 { measures.ellipses += 1 }
              dots = -1
            } else {
              dots = 0
              if value == 0x23 { measures.hashes += 1 }
            }
          }
        }
        finish(&line, dots, text, &measures, &scanner, &paragraph)
        closeParagraph(&paragraph, text, &scanner)
        for script in 0..<CharacterClass.scripts {
          measures.scripts[script] = scripts[script]
          measures.characters += Int(scripts[script])
        }
      }
      measures.units = scanner.units.count
      scanner.measures = measures
    }

    /// Ends a line: a line feed or the end of the text was met.
    @inline(__always)
    private func finish(
      _ line: inout Line, _ dots: Int, _ text: UnsafeRawBufferPointer,
      _ measures: inout DocumentMeasures, _ scanner: inout UnitScanner,
      _ paragraph: inout (start: Int, end: Int, characters: UInt32)
    ) {
      guard line.start >= 0 else {
        closeParagraph(&paragraph, text, &scanner)
        return
      }
      measures.lines += 1
      measures.bulletLines += line.isBullet ? 1 : 0
      let last = dots != 0 ? dots : line.dots
      measures.ellipsisLines += last >= 3 || last == -1 ? 1 : 0
      measures.endedLines += line.isEnded ? 1 : 0
      measures.shortLines += line.columns <= UnitScanner.shortColumns ? 1 : 0
      if wantsParts {
        scanner.lines.append(Mixing.bytes(text, line.start..<line.end), line.characters)
        if paragraph.start < 0 { paragraph.start = line.start }
        paragraph.end = line.end
        paragraph.characters &+= line.characters
      }
      line = Line()
    }

    /// Ends a paragraph: a line without ink or the end of the text was met.
    @inline(__always)
    private func closeParagraph(
      _ paragraph: inout (start: Int, end: Int, characters: UInt32),
      _ text: UnsafeRawBufferPointer, _ scanner: inout UnitScanner
    ) {
      guard paragraph.start >= 0 else { return }
      scanner.paragraphs.append(
        Mixing.bytes(text, paragraph.start..<paragraph.end), paragraph.characters)
      paragraph = (-1, 0, 0)
    }
  }

  /// The code point at `index`, which moves behind it. Bytes that are no UTF-8 give U+FFFD each.
  @inline(__always)
  static func decode(_ text: UnsafeRawBufferPointer, _ index: inout Int) -> UInt32 {
    let first = UInt32(text[index])
    let left = text.count - index
    if first >= 0xe0, first < 0xf0, left >= 3 {
      let value =
        (first & 15) << 12 | UInt32(text[index + 1] & 63) << 6 | UInt32(text[index + 2] & 63)
      index += 3
      return value
    }
    if first >= 0xc2, first < 0xe0, left >= 2 {
      let value = (first & 31) << 6 | UInt32(text[index + 1] & 63)
      index += 2
      return value
    }
    if first >= 0xf0, first < 0xf5, left >= 4 {
      let high = (first & 7) << 18 | UInt32(text[index + 1] & 63) << 12
      let value = high | UInt32(text[index + 2] & 63) << 6 | UInt32(text[index + 3] & 63)
      index += 4
      return value
    }
    index += 1
    return 0xfffd
  }

  /// What a list's lines begin with.
  private static func isBullet(_ value: UInt32) -> Bool {
    switch value {
    case 0x2a, 0x2d, 0xb7, 0x2022, 0x2023, 0x2043, 0x2219, 0x25a0, 0x25aa, 0x25c6, 0x25cb, 0x25cf,
      0x25e6, 0x30fb:
      true
    default: false
    }
  }

  /// Closing quotes and brackets, which may stand behind the end of a sentence.
  @inline(__always)
  private static func isCloser(_ value: UInt32) -> Bool {
    switch value {
    case 0x22, 0x27, 0x29, 0x5d, 0x7d, 0xbb, 0x2019, 0x201d, 0x203a, 0x3009, 0x300b, 0x300d, 0x300f,
      0x3011, 0x3015, 0x301f, 0xff02, 0xff07, 0xff09, 0xff3d, 0xff5d, 0xff63:
      true
    default: false
    }
  }
}
