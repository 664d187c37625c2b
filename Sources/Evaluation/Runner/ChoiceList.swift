internal import DSXCore

/// The choices of one example.
struct ChoiceList {
  /// The choices' names in results.
  var names: [String]
  /// The texts that the prompt is filled with.
  var words: [String]
  /// The right one's place.
  var gold: Int
}

/// Where the choices of an example come from: labels for all rows, some of them, or the row itself.
struct ChoiceMaker {
  let labels: LabelTable?
  let source: ChoiceSource?
  let draw: CandidateDraw?
  /// The labels that are drawn from, by place.
  var pool: [Int] = []

  /// The choices, or why there are none. Draws from `generator` for every example whose right answer
  /// is known, whatever happens to the example afterwards.
  func choices(_ example: Example, gold: String, _ generator: inout PCG64) -> (ChoiceList?, String?)
  {
    if let source { return Self.own(example, gold, source) }
    guard let labels else { return (nil, "the task has no labels") }
    guard let right = labels.place(of: gold) else { return (nil, labels.problem(with: gold)) }
    guard let draw else {
      return (ChoiceList(names: labels.names, words: labels.words, gold: right), nil)
    }
    let others = pool.filter { labels.words[$0] != labels.words[right] }
    let chosen =
      [right] + generator.permutation(others.count).prefix(draw.count - 1).map { others[$0] }
    let order = generator.permutation(chosen.count).map { chosen[$0] }
    return (
      ChoiceList(
        names: order.map { labels.names[$0] }, words: order.map { labels.words[$0] },
        gold: order.firstIndex(of: right) ?? 0), nil
    )
  }

  private static func own(_ example: Example, _ gold: String, _ source: ChoiceSource) -> (
    ChoiceList?, String?
  ) {
    var texts: [String] = []
    if source.columns.count == 1 {
      texts = example.words(source.columns[0]) ?? []
    } else {
      for column in source.columns {
        guard let text = example.text(column) else { return (nil, "the row has no '\(column)'") }
        texts.append(text)
      }
    }
    guard texts.count > 1 else { return (nil, "the row has fewer than two choices") }
    let place: Int?
    switch source.gold {
    case .index: place = Int(gold)
    case .number: place = Int(gold).map { $0 - 1 }
    case .letter:
      let bytes = Array(gold.utf8)
      place = bytes.count == 1 ? Int(bytes[0] | 0x20) - 0x61 : nil
    case .text: place = texts.firstIndex { $0.utf8.elementsEqual(gold.utf8) }
    }
    guard let place, texts.indices.contains(place) else {
      return (nil, "'\(gold)' names none of the \(texts.count) choices")
    }
    return (
      ChoiceList(
        names: texts.indices.map { place in
          place < 26 ? String(UnicodeScalar(UInt8(0x41 + place))) : String(place)
        }, words: texts, gold: place), nil
    )
  }
}
