/// Rules over code points: those of Unicode properties and Tercom's chain of replacements.
extension TextSplitter {
  /// mteval-v14 as sacrebleu 2.6.0: three replacements, each from left to right without overlap.
  ///
  /// `(\P{N})(\p{P})` → `\1 \2 `, `(\p{P})(\P{N})` → ` \1 \2`, `(\p{S})` → ` \1 `.
  mutating func splitInternational(_ text: UnsafeRawBufferPointer, into list: inout TokenList) {
    let classes = UnicodeClasses.table
    scalars.removeAll(keepingCapacity: true)
    Scalars.append(text, to: &scalars)
    rewritePairs(
      { !classes.isNumber($0) }, { classes.isPunctuation($0) }, spaces: (false, true, true))
    rewritePairs(
      { classes.isPunctuation($0) }, { !classes.isNumber($0) }, spaces: (true, true, false))
    isolate { classes.isSymbol($0) }
    appendScalars(to: &list)
  }

  /// Tercom's normaliser as sacrebleu 2.6.0 has it.
  mutating func splitTercom(
    _ text: UnsafeRawBufferPointer, _ options: TercomOptions, into list: inout TokenList
  ) {
    scratch.removeAll(keepingCapacity: true)
    if options.isCaseSensitive {
      scratch.append(contentsOf: text)
    } else {
      PythonLower.table.append(text, to: &scratch)
    }
    guard options.isNormalized || options.dropsPunctuation, !scratch.isEmpty else {
      scratch.withUnsafeBytes { Self.splitBlanks($0, into: &list) }
      return
    }
    if options.isNormalized {
      Replacement.replace("\n-", by: "", in: &scratch)
      Replacement.replace("\n", by: " ", in: &scratch)
      Replacement.resolveEntities(in: &scratch)
    }
    scalars.removeAll(keepingCapacity: true)
    if options.isNormalized { scalars.append(0x20) }
    scratch.withUnsafeBytes { Scalars.append($0, to: &scalars) }
    if options.isNormalized {
      scalars.append(0x20)
      normalizeWestern()
      // The rules for runs of Hiragana and Katakana ask for the start of the text, which is a space
      // now: they never match.
      if options.asianSupport { isolate { TercomScalars.isIsolated($0) } }
    }
    if options.dropsPunctuation {
      scalars.removeAll { TercomScalars.isWesternPunctuation($0) }
      if options.asianSupport { scalars.removeAll { TercomScalars.isAsianPunctuation($0) } }
    }
    appendScalars(to: &list)
  }

  private mutating func normalizeWestern() {
    isolate { TercomScalars.isSeparated($0) }
    // `'s ` → ` 's `; `'s$` cannot match, as the text ends with a space.
    rewritten.removeAll(keepingCapacity: true)
    for (index, scalar) in scalars.enumerated() {
      if scalar == 0x27, index + 2 < scalars.count, scalars[index + 1] == 0x73,
        scalars[index + 2] == 0x20
      {
        rewritten.append(0x20)
      }
      rewritten.append(scalar)
    }
    swap(&scalars, &rewritten)
    func isDigit(_ scalar: UInt32) -> Bool { scalar &- 0x30 < 10 }
    func isPoint(_ scalar: UInt32) -> Bool { scalar == 0x2e || scalar == 0x2c }
    rewritePairs({ !isDigit($0) }, { isPoint($0) }, spaces: (false, true, true))
    rewritePairs({ isPoint($0) }, { !isDigit($0) }, spaces: (true, true, false))
    rewritePairs({ isDigit($0) }, { $0 == 0x2d }, spaces: (false, true, true))
  }

  /// Puts a space on both sides of each code point of a kind.
  private mutating func isolate(_ isMember: (UInt32) -> Bool) {
    rewritten.removeAll(keepingCapacity: true)
    for scalar in scalars {
      if isMember(scalar) {
        rewritten.append(0x20)
        rewritten.append(scalar)
        rewritten.append(0x20)
      } else {
        rewritten.append(scalar)
      }
    }
    swap(&scalars, &rewritten)
  }

  /// Puts spaces before, between and behind each pair of code points; a pair takes both from the
  /// rest.
  private mutating func rewritePairs(
    _ isFirst: (UInt32) -> Bool, _ isSecond: (UInt32) -> Bool,
    spaces: (before: Bool, between: Bool, behind: Bool)
  ) {
    rewritten.removeAll(keepingCapacity: true)
    var index = 0
    while index < scalars.count {
      if index + 1 < scalars.count, isFirst(scalars[index]), isSecond(scalars[index + 1]) {
        if spaces.before { rewritten.append(0x20) }
        rewritten.append(scalars[index])
        if spaces.between { rewritten.append(0x20) }
        rewritten.append(scalars[index + 1])
        if spaces.behind { rewritten.append(0x20) }
        index += 2
      } else {
        rewritten.append(scalars[index])
        index += 1
      }
    }
    swap(&scalars, &rewritten)
  }

  /// ModelScope's `rebuild_chinese_str`.
  mutating func splitRebuilt(_ text: UnsafeRawBufferPointer, into list: inout TokenList) {
    scalars.removeAll(keepingCapacity: true)
    Scalars.append(text, to: &scalars)
    isolate { ModelScopeScalars.isIsolated($0) }
    appendScalars(to: &list)
  }

  private mutating func appendScalars(to list: inout TokenList) {
    scratch.removeAll(keepingCapacity: true)
    for scalar in scalars { Scalars.append(scalar, to: &scratch) }
    scratch.withUnsafeBytes { Self.splitBlanks($0, into: &list) }
  }
}
