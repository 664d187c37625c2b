/// Matches a `RegexProgram` against a text.
struct RegexMachine {
  private let program: RegexProgram
  private let text: UnsafeRawBufferPointer
  private var stack: [Retry] = []
  private var steps = 0
  private let stepLimit: Int

  /// A way that was not taken yet: from `pc` at `position`, and for a loop also at the places before it
  /// down to `minimum`, or after it up to `more` code points of `set`.
  private struct Retry {
    var pc: Int32
    var set: Int32 = -1
    var position: Int
    var minimum: Int
    var more: Int = 0
  }

  init(_ program: RegexProgram, _ text: UnsafeRawBufferPointer) {
    self.program = program
    self.text = text
    stepLimit = Regex.stepBase + Regex.stepsPerByte * text.count
  }

  /// The first match that begins at or after `start`.
  mutating func search(from start: Int) -> Range<Int>? {
    var start = start
    while start <= text.count {
      if start == text.count || program.first.allows(text[start]) {
        stack.removeAll(keepingCapacity: true)
        if start < text.count || program.first.others, let end = run(0, start) {
          return start..<end
        }
      }
      guard start < text.count, steps <= stepLimit else { return nil }
      start = UTF8Scalars.read(text, start).next
    }
    return nil
  }

  /// Runs from `pc` at `position` up to an `end`: where it got to, or nil.
  private mutating func run(_ pc: Int, _ position: Int) -> Int? {
    let base = stack.count
    defer { stack.removeLast(stack.count - base) }
    var pc = pc
    var position = position
    while true {
      steps += 1
      if steps > stepLimit { return nil }
      var succeeded = true
      switch program.code[pc] {
      case .end: return position
      case .set(let set):
        if position < text.count {
          let (code, next) = UTF8Scalars.read(text, position)
          if program.sets[set].contains(code) { position = next } else { succeeded = false }
        } else {
          succeeded = false
        }
        pc += 1
      case .loop(let set, let minimum, let maximum, let kind):
        succeeded = loop(set, minimum, maximum, kind, pc + 1, &position)
        pc += 1
      case .branch(let first, let firstSet, let second, let secondSet):
        let (isFirst, isSecond): (Bool, Bool)
        if position < text.count {
          let byte = text[position]
          (isFirst, isSecond) = (firstSet.allows(byte), secondSet.allows(byte))
        } else {
          (isFirst, isSecond) = (firstSet.others, secondSet.others)
        }
        if isFirst {
          if isSecond {
            stack.append(Retry(pc: Int32(second), position: position, minimum: position))
          }
          pc = first
        } else if isSecond {
          pc = second
        } else {
          succeeded = false
        }
      case .jump(let target): pc = target
      case .look(let next, let negative):
        succeeded = (run(pc + 1, position) != nil) != negative
        pc = next
      case .lookBehind(let set, let negative):
        var found = false
        if position > 0 {
          let start = UTF8Scalars.previous(text, position)
          found = program.sets[set].contains(UTF8Scalars.read(text, start).code)
        }
        succeeded = found != negative
        pc += 1
      case .atomic(let next):
        if let end = run(pc + 1, position) { position = end } else { succeeded = false }
        pc = next
      case .anchor(let anchor):
        succeeded = holds(anchor, position)
        pc += 1
      }
      if succeeded { continue }
      guard let (again, place) = retry(base) else { return nil }
      (pc, position) = (again, place)
    }
  }

  /// Reads a loop over a set.
  @inline(__always)
  private mutating func loop(
    _ set: Int, _ minimum: Int, _ maximum: Int, _ kind: RegexRepeat, _ next: Int,
    _ position: inout Int
  ) -> Bool {
    var count = 0
    var lowest = position
    let wanted = kind == .lazy ? minimum : maximum
    while count < wanted, position < text.count {
      let (code, after) = UTF8Scalars.read(text, position)
      guard program.sets[set].contains(code) else { break }
      position = after
      count += 1
      if count == minimum { lowest = position }
    }
    steps += count
    guard count >= minimum else { return false }
    if kind == .greedy, position > lowest {
      stack.append(Retry(pc: Int32(next), position: position, minimum: lowest))
    } else if kind == .lazy, maximum > minimum {
      stack.append(
        Retry(
          pc: Int32(next), set: Int32(set), position: position, minimum: position,
          more: maximum - minimum))
    }
    return true
  }

  /// The next way that was not taken yet.
  private mutating func retry(_ base: Int) -> (Int, Int)? {
    while stack.count > base {
      let last = stack.count - 1
      let item = stack[last]
      if item.set >= 0 {
        guard item.more > 0, item.position < text.count else {
          stack.removeLast()
          continue
        }
        let (code, next) = UTF8Scalars.read(text, item.position)
        guard program.sets[Int(item.set)].contains(code) else {
          stack.removeLast()
          continue
        }
        stack[last].position = next
        stack[last].more -= 1
        return (Int(item.pc), next)
      }
      if item.position > item.minimum {
        let before = UTF8Scalars.previous(text, item.position, item.minimum)
        if before == item.minimum { stack.removeLast() } else { stack[last].position = before }
        return (Int(item.pc), before)
      }
      stack.removeLast()
      return (Int(item.pc), item.position)
    }
    return nil
  }

  private func isWord(_ start: Int) -> Bool {
    UnicodeTables.has(UTF8Scalars.read(text, start).code, .onigWord)
  }

  private func holds(_ anchor: RegexAnchor, _ position: Int) -> Bool {
    switch anchor {
    case .textStart: return position == 0
    case .textEnd: return position == text.count
    case .textEndBeforeLineFeed:
      return position == text.count || (position + 1 == text.count && text[position] == 0x0a)
    case .lineStart:
      return position == 0 || (text[position - 1] == 0x0a && position < text.count)
    case .lineEnd: return position == text.count || text[position] == 0x0a
    case .wordBoundary, .noWordBoundary:
      let before = position > 0 && isWord(UTF8Scalars.previous(text, position))
      let after = position < text.count && isWord(position)
      return (before != after) == (anchor == .wordBoundary)
    }
  }
}
