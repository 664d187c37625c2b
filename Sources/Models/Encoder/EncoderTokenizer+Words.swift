internal import DSXCore
internal import Text

/// A sentence of words in one or several windows.
struct WordSequence: Sendable, Equatable {
  var windows: [EncoderSequence]
  /// For each word the window and the place in it of its first token; nil for a word without tokens, or
  /// one that was cut off.
  var places: [Place?]

  struct Place: Sendable, Equatable {
    var window: Int
    var token: Int
  }
}

extension EncoderTokenizer {
  /// Each sentence as one sequence, or for `window` as several that overlap by a quarter, or why it is
  /// none.
  func encode(sentences: [[String]], onLong: LongInput) -> [Result<WordSequence, DSXError>] {
    var encoder = HuggingFaceEncoder(tokenizer, plain: false)
    let room = maximum - tokenizer.specialTokenCount(isPair: false)
    let rule = TruncationRule(
      maximum: maximum, stride: onLong == .window ? room / 4 : 0,
      cutsLeft: onLong == .truncateLeft)
    return sentences.enumerated().map { index, words in
      do throws(DSXError) {
        let encoding = try encoder.encode(words: words.map(prepared), cutTo: rule)
        if onLong == .error, !encoding.overflowing.isEmpty {
          throw DSXError(
            .usage, "sentence \(index) has more than the \(maximum) tokens that the model takes",
            hint: "read it in windows with --on-long window")
        }
        let kept = onLong == .window ? [encoding] + encoding.overflowing : [encoding]
        return .success(
          WordSequence(
            windows: kept.map { EncoderSequence($0) },
            places: Self.places(kept, words: words.count)))
      } catch { return .failure(error) }
    }
  }

  /// For each word the first token that it has, in the window where that token is farthest from a cut.
  private static func places(_ windows: [Encoding], words: Int) -> [WordSequence.Place?] {
    var places = [WordSequence.Place?](repeating: nil, count: words)
    var room = [Int](repeating: -1, count: words)
    for (number, window) in windows.enumerated() {
      var last: Int32? = nil
      for (token, word) in window.wordIDs.enumerated() {
        guard let word else { continue }
        defer { last = word }
        // The second and later tokens of a word; a window that begins inside of a word has not its
        // first token, which the window before it has.
        if word == last || (last == nil && number > 0 && hasSeen(places, word)) { continue }
        let left = number == 0 ? Int.max : token
        let right = number == windows.count - 1 ? Int.max : window.count - 1 - token
        let distance = min(left, right)
        if distance > room[Int(word)] {
          room[Int(word)] = distance
          places[Int(word)] = WordSequence.Place(window: number, token: token)
        }
      }
    }
    return places
  }

  private static func hasSeen(_ places: [WordSequence.Place?], _ word: Int32) -> Bool {
    places[Int(word)] != nil
  }
}
