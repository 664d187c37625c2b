internal import DSXCore

/// The `truncation` of a `tokenizer.json`.
struct Truncation: Sendable {
  /// Which text is cut; the raw value is the name in the file.
  enum Strategy: String, Sendable, CaseIterable {
    case longestFirst = "LongestFirst"
    case onlyFirst = "OnlyFirst"
    case onlySecond = "OnlySecond"
  }

  var maximum: Int
  var strategy: Strategy
  var stride: Int
  var cutsLeft: Bool

  /// Cuts one or two encodings to `maximum` tokens less `added`.
  ///
  /// Throws `usage` where the reference does: a stride that is not less than what is left, a second text
  /// that is not there, a text that is too short to give the rest away.
  func apply(_ encodings: inout [Encoding], added: Int) throws(DSXError) {
    guard maximum >= added else {
      throw DSXError(
        .usage, "truncation to \(maximum) tokens leaves no room for the \(added) special tokens")
    }
    let limit = maximum - added
    if limit == 0 {
      for index in encodings.indices { try cut(&encodings[index], to: 0) }
      return
    }
    let total = encodings.reduce(0) { $0 + $1.count }
    guard total > limit else { return }
    let surplus = total - limit
    switch strategy {
    case .longestFirst where encodings.count > 1:
      var (first, second) = (encodings[0].count, encodings[1].count)
      let isSwapped = first > second
      if isSwapped { swap(&first, &second) }
      second = first > limit ? first : max(first, limit - first)
      if first + second > limit {
        first = limit / 2
        second = first + limit % 2
      }
      if isSwapped { swap(&first, &second) }
      try cut(&encodings[0], to: first)
      try cut(&encodings[1], to: second)
    case .longestFirst: try cut(&encodings[0], to: limit)
    case .onlyFirst, .onlySecond:
      let place = strategy == .onlyFirst ? 0 : 1
      guard place < encodings.count else {
        throw DSXError(.usage, "truncation cuts the second text, but there is none")
      }
      guard encodings[place].count > surplus else {
        throw DSXError(.usage, "the text to cut is too short for \(maximum) tokens")
      }
      try cut(&encodings[place], to: encodings[place].count - surplus)
    }
  }

  private func cut(_ encoding: inout Encoding, to limit: Int) throws(DSXError) {
    let count = encoding.count
    guard limit < count else { return }
    if limit == 0 {
      var empty = Encoding()
      empty.overflowing = [encoding]
      encoding = empty
      return
    }
    guard stride < limit else {
      throw DSXError(
        .usage, "the truncation's stride of \(stride) is not less than the \(limit) tokens left")
    }
    let step = limit - stride
    var ranges: [Range<Int>] = []
    if cutsLeft {
      var last = count
      while last > 0 {
        ranges.append(max(0, last - limit)..<last)
        if last <= limit { break }
        last -= step
      }
    } else {
      var first = 0
      while first < count {
        ranges.append(first..<min(first + limit, count))
        if first + limit >= count { break }
        first += step
      }
    }
    let whole = encoding
    encoding = whole.part(ranges[0])
    encoding.overflowing = ranges.dropFirst().map(whole.part)
  }
}

/// The `padding` of a `tokenizer.json`.
struct Padding: Sendable {
  /// nil pads to the longest of a batch, which is the text itself for one text.
  var length: Int?
  var multiple: Int?
  var padsLeft: Bool
  var id: Int32
  var typeID: Int32
  var token: String

  /// Fills an encoding up, its overflowing parts too.
  func apply(_ encoding: inout Encoding) {
    var wanted = length ?? encoding.count
    if let multiple, multiple > 0, wanted % multiple > 0 { wanted += multiple - wanted % multiple }
    pad(&encoding, to: wanted)
  }

  private func pad(_ encoding: inout Encoding, to wanted: Int) {
    for index in encoding.overflowing.indices { pad(&encoding.overflowing[index], to: wanted) }
    guard encoding.count < wanted else { return }
    var filler = Encoding()
    for _ in encoding.count..<wanted {
      filler.appendSpecial(token, id, typeID: typeID, attention: 0)
    }
    let parts = encoding.overflowing
    encoding.overflowing = []
    if padsLeft {
      filler.append(encoding)
      encoding = filler
    } else {
      encoding.append(filler)
    }
    encoding.overflowing = parts
  }
}
