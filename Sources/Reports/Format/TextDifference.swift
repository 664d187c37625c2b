/// Which words of two texts differ: words between blanks, and every Chinese or Japanese character on
/// its own. By the longest common subsequence.
struct TextDifference {
  /// A piece of one text.
  struct Piece: Equatable {
    var text: String
    var isChanged: Bool
  }

  /// The old text's pieces.
  let before: [Piece]
  /// The new text's pieces.
  let now: [Piece]

  /// Longer texts are only compared from both ends.
  private static let limit = 1500

  /// Compares two texts: at most 1,500 by 1,500 steps between their common ends.
  init(_ before: String, _ now: String) {
    let left = Self.units(before)
    let right = Self.units(now)
    var head = 0
    while head < min(left.count, right.count), left[head] == right[head] { head += 1 }
    var tail = 0
    while tail < min(left.count, right.count) - head,
      left[left.count - 1 - tail] == right[right.count - 1 - tail]
    {
      tail += 1
    }
    var keptLeft = left.indices.map { $0 < head || $0 >= left.count - tail }
    var keptRight = right.indices.map { $0 < head || $0 >= right.count - tail }
    let rows = left.count - head - tail
    let columns = right.count - head - tail
    if rows > 0, columns > 0, rows <= Self.limit, columns <= Self.limit {
      // lengths[r][c]: the longest common subsequence of what follows row r and column c.
      var lengths = [Int32](repeating: 0, count: (rows + 1) * (columns + 1))
      for row in stride(from: rows - 1, through: 0, by: -1) {
        for column in stride(from: columns - 1, through: 0, by: -1) {
          let below = lengths[(row + 1) * (columns + 1) + column]
          let beside = lengths[row * (columns + 1) + column + 1]
          let same = left[head + row] == right[head + column]
          lengths[row * (columns + 1) + column] =
            same ? lengths[(row + 1) * (columns + 1) + column + 1] + 1 : max(below, beside)
        }
      }
      var (row, column) = (0, 0)
      while row < rows, column < columns {
        if left[head + row] == right[head + column] {
          keptLeft[head + row] = true
          keptRight[head + column] = true
          row += 1
          column += 1
        } else if lengths[(row + 1) * (columns + 1) + column]
          >= lengths[row * (columns + 1) + column + 1]
        {
          row += 1
        } else {
          column += 1
        }
      }
    }
    self.before = Self.pieces(left, keptLeft)
    self.now = Self.pieces(right, keptRight)
  }

  /// Neighbours of the same kind in one piece.
  private static func pieces(_ units: [String], _ kept: [Bool]) -> [Piece] {
    var pieces: [Piece] = []
    for (unit, isKept) in zip(units, kept) {
      if let last = pieces.indices.last, pieces[last].isChanged == !isKept {
        pieces[last].text += unit
      } else {
        pieces.append(Piece(text: unit, isChanged: !isKept))
      }
    }
    return pieces
  }

  /// Words, runs of blanks, wide characters and single signs, in order: together the text itself.
  static func units(_ text: String) -> [String] {
    var units: [String] = []
    var word = String.UnicodeScalarView()
    var lastKind = Kind.sign
    for scalar in text.unicodeScalars {
      let kind = Kind(scalar)
      if kind == .sign || kind != lastKind, !word.isEmpty {
        units.append(String(word))
        word = String.UnicodeScalarView()
      }
      word.append(scalar)
      lastKind = kind
    }
    if !word.isEmpty { units.append(String(word)) }
    return units
  }

  private enum Kind {
    case letter, blank, sign

    init(_ scalar: Unicode.Scalar) {
      if scalar.properties.isWhitespace {
        self = .blank
      } else if DisplayWidth.isWide(scalar.value) {
        self = .sign
      } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar.value == 0x5f || scalar.value == 0x200d
        || scalar.properties.generalCategory == .nonspacingMark
      {
        self = .letter
      } else {
        self = .sign
      }
    }
  }
}
