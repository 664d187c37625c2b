internal import DSXCore

/// A regular expression for splitting text, matched by backtracking over UTF-8.
///
/// Gives the matches of Oniguruma for what `RegexParser` accepts. Matching takes a bounded number of
/// steps: what lies behind the place where they are used up has no matches, so that no text can stall
/// the program.
struct Regex: Sendable {
  /// The pattern as it was written.
  let pattern: String
  private let program: RegexProgram

  /// Reads a pattern. Throws `malformed` or `unsupported` with the construct and its place.
  init(_ pattern: String) throws(DSXError) {
    self.pattern = pattern
    program = try RegexProgram(RegexParser.parse(pattern))
  }

  /// Steps that a text may take, besides those for each byte.
  static let stepBase = 1_000_000
  /// Steps that a text may take for each of its bytes.
  static let stepsPerByte = 1_000

  /// Hands every match in `range` of the text to `body`, from left to right. What lies outside the
  /// range is not seen. An empty match right behind another match is left out.
  func forEachMatch(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ body: (Range<Int>) -> Void
  ) {
    let window = UnsafeRawBufferPointer(rebasing: text[range])
    var machine = RegexMachine(program, window)
    var from = 0
    var lastEnd: Int?
    while from <= window.count {
      guard let match = machine.search(from: from) else { return }
      if match.isEmpty, match.lowerBound == lastEnd {
        from = from < window.count ? UTF8Scalars.read(window, from).next : from + 1
        continue
      }
      body(match.lowerBound + range.lowerBound..<match.upperBound + range.lowerBound)
      lastEnd = match.upperBound
      from = match.upperBound
    }
  }
}
