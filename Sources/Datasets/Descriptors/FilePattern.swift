internal import DSXCore

/// A pattern of a README's `data_files`, matched against names relative to the data set's folder.
///
/// `*` is any run of characters but `/`, `**` any run at all (`**/` also none), `?` one character but
/// `/`, `[abc]`, `[a-z]`, `[!a]` one of a set.
struct FilePattern {
  private enum Element {
    case scalar(Unicode.Scalar)
    case one
    case run
    case deep
    case deepFolders
    case set([ClosedRange<UInt32>], inverted: Bool)
  }
  /// The text.
  let text: String
  private var elements: [Element] = []

  init(_ text: String) {
    self.text = text
    let scalars = Array((text.hasPrefix("./") ? String(text.dropFirst(2)) : text).unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "*":
        guard index < scalars.count, scalars[index] == "*" else {
          elements.append(.run)
          continue
        }
        index += 1
        if index < scalars.count, scalars[index] == "/" {
          index += 1
          elements.append(.deepFolders)
        } else {
          elements.append(.deep)
        }
      case "?": elements.append(.one)
      case "[":
        if let set = Self.set(scalars, &index) {
          elements.append(set)
        } else {
          elements.append(.scalar(scalar))
        }
      default: elements.append(.scalar(scalar))
      }
    }
  }

  /// Whether the text names exactly one file.
  var isPlain: Bool {
    elements.allSatisfy { if case .scalar = $0 { true } else { false } }
  }

  /// Whether the whole name matches. Polynomial: each pair of places is looked at once.
  func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    // places[i]: whether the elements so far can end before scalar i.
    var places = [Bool](repeating: false, count: scalars.count + 1)
    places[0] = true
    for element in elements {
      var next = [Bool](repeating: false, count: scalars.count + 1)
      switch element {
      case .scalar(let wanted):
        for at in scalars.indices where places[at] && scalars[at] == wanted { next[at + 1] = true }
      case .one:
        for at in scalars.indices where places[at] && scalars[at] != "/" { next[at + 1] = true }
      case .set(let ranges, let inverted):
        for at in scalars.indices
        where places[at] && ranges.contains(where: { $0.contains(scalars[at].value) }) != inverted {
          next[at + 1] = true
        }
      case .run, .deep:
        let isDeep = if case .deep = element { true } else { false }
        for at in places.indices {
          next[at] = places[at]
          if at > 0, next[at - 1], isDeep || scalars[at - 1] != "/" { next[at] = true }
        }
      case .deepFolders:
        var isOpen = false
        for at in places.indices {
          if places[at] { next[at] = true }
          if at > 0, isOpen, scalars[at - 1] == "/" { next[at] = true }
          if places[at] { isOpen = true }
        }
      }
      places = next
    }
    return places[scalars.count]
  }

  private static func set(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Element? {
    var position = index
    var inverted = false
    if position < scalars.count, scalars[position] == "!" || scalars[position] == "^" {
      inverted = true
      position += 1
    }
    var ranges: [ClosedRange<UInt32>] = []
    while position < scalars.count, ranges.isEmpty || scalars[position] != "]" {
      let low = scalars[position].value
      position += 1
      if position + 1 < scalars.count, scalars[position] == "-", scalars[position + 1] != "]" {
        let high = scalars[position + 1].value
        position += 2
        if low <= high { ranges.append(low...high) }
      } else {
        ranges.append(low...low)
      }
    }
    guard position < scalars.count, !ranges.isEmpty else { return nil }
    index = position + 1
    return .set(ranges, inverted: inverted)
  }
}
