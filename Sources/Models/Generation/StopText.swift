/// The text so far, and how much of it may be shown: never a part of a stop string.
struct StopText {
  private let stops: [[UInt8]]
  private let longest: Int
  /// The text: up to the stop string, when one came.
  private(set) var text: [UInt8] = []
  /// Bytes of the text that were handed out.
  private var shown = 0
  /// Whether a stop string came.
  private(set) var isStopped = false

  init(_ stops: [String]) {
    self.stops = stops.map { Array($0.utf8) }
    longest = self.stops.map(\.count).max() ?? 0
  }

  /// Appends text and looks for the first stop string in what is there. Linear in `piece` and the longest
  /// stop string.
  mutating func append(_ piece: [UInt8]) {
    guard !isStopped, !piece.isEmpty else { return }
    let first = max(0, text.count - longest + 1)
    text.append(contentsOf: piece)
    guard longest > 0 else { return }
    for start in first..<text.count where stops.contains(where: { matches($0, at: start) }) {
      text.removeSubrange(start...)
      isStopped = true
      return
    }
  }

  /// The text that may be shown and was not yet; with `all` also what could have become a stop string.
  mutating func take(all: Bool) -> [UInt8] {
    let end = all || isStopped ? text.count : text.count - held
    guard end > shown else { return [] }
    defer { shown = end }
    return Array(text[shown..<end])
  }

  /// Bytes at the end that are the beginning of a stop string. Such a beginning is one of a character, as
  /// text and stop strings are valid UTF-8.
  private var held: Int {
    guard longest > 1 else { return 0 }
    for start in max(0, text.count - longest + 1)..<text.count {
      let rest = text[start...]
      if stops.contains(where: { $0.count > rest.count && $0.starts(with: rest) }) {
        return rest.count
      }
    }
    return 0
  }

  private func matches(_ stop: [UInt8], at start: Int) -> Bool {
    guard text.count - start >= stop.count else { return false }
    return text[start..<start + stop.count].elementsEqual(stop)
  }
}
