/// What one pass over a document counts.
struct DocumentMeasures: Hashable, Sendable {
  /// Code points.
  var characters = 0
  /// Code points by `Script.index`.
  var scripts = SIMD16<UInt32>()
  /// Letters and marks by `Script.index` of the writing scripts.
  var letters: Int {
    Script.writing.reduce(0) { $0 + Int(scripts[$1.index]) }
  }
  /// Code points that are no blanks.
  var inked: Int { characters - Int(scripts[Script.blank.index]) }

  /// Units: words, and single characters of Han and Kana.
  var units = 0
  /// Units that are words.
  var words = 0
  /// Code points of the words.
  var wordCharacters = 0
  /// Units with a letter.
  var alphabeticUnits = 0
  /// `#` signs.
  var hashes = 0
  /// Runs of three or more dots, or of `…`.
  var ellipses = 0

  /// Lines with anything but blanks.
  var lines = 0
  /// Of these, those that begin with a bullet.
  var bulletLines = 0
  /// Those that end with an ellipsis.
  var ellipsisLines = 0
  /// Those that end a sentence; closing quotes and brackets may follow.
  var endedLines = 0
  /// Those that are at most 30 columns wide, Han and Kana counted as two.
  var shortLines = 0
  /// Line feeds.
  var lineFeeds = 0
}
