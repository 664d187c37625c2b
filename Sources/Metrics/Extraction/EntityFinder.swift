/// An entity: its type and its tags.
public struct EntitySpan: Sendable, Hashable {
  /// The type; `_` of tags without one.
  public var type: String
  /// The first tag.
  public var start: Int
  /// The last tag; -1 in MindFormers' style for an entity that its script leaves open.
  public var last: Int
}

/// Finds entities in tag numbers. Ends rise strictly, so two lists are compared in one walk.
struct EntityFinder: Sendable {
  struct Span: Equatable {
    var type: Int32
    var start: Int32
    var last: Int32
  }

  private let style: EntityStyle
  private let automaton: TagAutomaton?

  init(_ style: EntityStyle) {
    self.style = style
    if case .strict(let scheme) = style {
      automaton = TagAutomaton(scheme)
    } else {
      automaton = nil
    }
  }

  /// Appends the entities of a sequence, in order.
  func find(_ tags: [Int32], _ parsed: [ParsedTag], into spans: inout [Span]) {
    switch style {
    case .lenient: lenient(tags, parsed, &spans)
    case .strict: strict(tags, parsed, &spans)
    case .mindformers: bios(tags, parsed, &spans)
    }
  }

  /// conlleval's rules as seqeval has them; the tag behind the last is O.
  private func lenient(_ tags: [Int32], _ parsed: [ParsedTag], _ spans: inout [Span]) {
    var before = ParsedTag(prefix: .outside, type: 0)
    var start: Int32 = 0
    let outside = before
    for index in 0...tags.count {
      let number = index < tags.count ? tags[index] : 0
      if number == 0, before.prefix == .outside { continue }
      let tag = number == 0 ? outside : parsed[Int(number)]
      let differs = before.type != tag.type
      var ends = false
      switch before.prefix {
      case .end, .single: ends = true
      case .begin, .inside:
        ends = tag.prefix == .begin || tag.prefix == .single || tag.prefix == .outside || differs
      case .unit, .last: ends = differs
      case .outside: break
      }
      if ends { spans.append(Span(type: before.type, start: start, last: Int32(index) - 1)) }
      var starts = false
      switch tag.prefix {
      case .begin, .single: starts = true
      case .outside: break
      case .end, .inside:
        starts =
          differs || before.prefix == .end || before.prefix == .single || before.prefix == .outside
      case .unit, .last: starts = differs
      }
      if starts { start = Int32(index) }
      before = tag
    }
  }

  /// seqeval's state machine: an entity begins, goes on while it may, and counts when it ends well.
  private func strict(_ tags: [Int32], _ parsed: [ParsedTag], _ spans: inout [Span]) {
    guard let automaton else { return }
    let outside = ParsedTag(prefix: .outside, type: 0)
    func tag(_ index: Int) -> ParsedTag { index < tags.count ? parsed[Int(tags[index])] : outside }
    var before = outside
    var index = 0
    while index <= tags.count {
      let current = tag(index)
      guard automaton.bits(before, current) & 1 != 0 else {
        before = current
        index += 1
        continue
      }
      var end = index + 1
      var inner = current
      while end <= tags.count, automaton.bits(inner, tag(end)) & 2 != 0 {
        inner = tag(end)
        end += 1
      }
      // The O behind the last tag never continues an entity, so end is at most tags.count.
      if automaton.bits(tag(end - 1), tag(end)) & 4 != 0 {
        spans.append(Span(type: current.type, start: Int32(index), last: Int32(end) - 1))
      }
      before = tag(end - 1)
      index = end
    }
  }

  /// MindFormers' `get_entities_bios`.
  private func bios(_ tags: [Int32], _ parsed: [ParsedTag], _ spans: inout [Span]) {
    var open = Span(type: -1, start: -1, last: -1)
    func close() { if open.last != -1 { spans.append(open) } }
    for (index, number) in tags.enumerated() {
      let tag = parsed[Int(number)]
      let place = Int32(index)
      switch tag.prefix {
      case .single:
        close()
        spans.append(Span(type: tag.type, start: place, last: place))
        open = Span(type: -1, start: -1, last: -1)
      case .begin:
        close()
        open = Span(type: tag.type, start: place, last: -1)
      case .inside where open.start != -1:
        if tag.type == open.type { open.last = place }
        // At the end of the sequence the script keeps what is open, whole or not.
        if index == tags.count - 1 { spans.append(open) }
      default:
        close()
        open = Span(type: -1, start: -1, last: -1)
      }
    }
  }
}
