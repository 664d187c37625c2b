internal import DSXCore
internal import Text

/// A question with a piece of its context, as the model reads it.
struct SpanWindow: Sendable, Equatable {
  var sequence: EncoderSequence
  /// For each token the bytes of the context that it covers; nil for tokens of the question and special
  /// tokens.
  var places: [Range<Int>?]
}

extension EncoderTokenizer {
  /// The windows of a question over its context, as transformers' `run_qa.py` cuts them: leading white
  /// space of the question is dropped, only the context is cut, windows overlap by `search.stride`
  /// tokens.
  ///
  /// Throws `usage` without a context, and for a question that leaves no room.
  func windows(_ input: TextInput, _ index: Int, _ search: SpanOptions) throws(DSXError)
    -> [SpanWindow]
  {
    guard let context = input.pair else {
      throw DSXError(.usage, "input \(index) has a question, but no context")
    }
    let question = String(
      String.UnicodeScalarView(
        input.text.unicodeScalars.drop { $0.properties.isWhitespace }))
    // Where the model takes fewer tokens than were asked for, windows overlap by half of them at most,
    // as in transformers' question-answering pipeline.
    let isLowered = maximum < search.maximumTokens
    let rule = TruncationRule(
      maximum: min(maximum, search.maximumTokens), strategy: .onlySecond,
      stride: isLowered ? min(search.stride, maximum / 2) : search.stride)
    var encoder = HuggingFaceEncoder(tokenizer, plain: false)
    let encoding: Encoding
    do throws(DSXError) {
      encoding = try encoder.encode(prepared(question), pair: prepared(context), cutTo: rule)
    } catch {
      throw DSXError(
        .usage, "the question of input \(index) leaves no room for its context: \(error.message)",
        hint: "windows have \(rule.maximum) tokens and overlap by \(rule.stride)")
    }
    let starts = Self.starts(context)
    return ([encoding] + encoding.overflowing).map { part in
      let places = part.offsets.indices.map { token -> Range<Int>? in
        guard part.sequenceIDs[token] == 1 else { return nil }
        let range = part.offsets[token]
        let last = starts.count - 1
        let first = starts[min(range.lowerBound, last)]
        return first..<max(first, starts[min(range.upperBound, last)])
      }
      return SpanWindow(sequence: EncoderSequence(part), places: places)
    }
  }

  /// The byte at which each code point begins, and the number of bytes.
  private static func starts(_ text: String) -> [Int] {
    var starts: [Int] = []
    var count = 0
    for byte in text.utf8 {
      if byte & 0xc0 != 0x80 { starts.append(count) }
      count += 1
    }
    starts.append(count)
    return starts
  }
}
