internal import DSXCore

extension PreTokenizer {
  /// Appends the `pre_tokenizer` of a `tokenizer.json`; sequences are laid flat.
  static func read(_ part: JSONPart, into stages: inout [PreTokenizer]) throws(DSXError) {
    let type = try part.type()
    switch type {
    case "Sequence":
      try part.allow(["type", "pretokenizers"])
      for element in try part.required("pretokenizers").elements() {
        try read(element, into: &stages)
      }
    case "ByteLevel":
      try part.allow(["type", "add_prefix_space", "trim_offsets", "use_regex"])
      var pattern: TextPattern?
      if try part.flag("use_regex", true) { pattern = .scanner(.gpt2(GPT2Splitter())) }
      stages.append(
        .byteLevel(
          addsPrefixSpace: try part.flag("add_prefix_space", true), pattern: pattern, spells: true))
    case "Split":
      try part.allow(["type", "pattern", "behavior", "invert"])
      stages.append(
        .split(
          try TextPattern(part.required("pattern")),
          try part.required("behavior").choice(SplitBehavior.self),
          inverted: try part.flag("invert", false)))
    case "Whitespace":
      try part.allow(["type"])
      stages.append(.whitespace)
    case "WhitespaceSplit":
      try part.allow(["type"])
      stages.append(.whitespaceSplit)
    case "BertPreTokenizer":
      try part.allow(["type"])
      stages.append(.bert)
    case "Metaspace":
      let (mark, scheme) = try metaspace(part)
      stages.append(.metaspace(mark, scheme, splits: try part.flag("split", true)))
    case "Punctuation":
      try part.allow(["type", "behavior"])
      let behavior = try part["behavior"].map { (part) throws(DSXError) in
        try part.choice(SplitBehavior.self)
      }
      stages.append(.punctuation(behavior ?? .isolated))
    case "Digits":
      try part.allow(["type", "individual_digits"])
      stages.append(.digits(individual: try part.flag("individual_digits")))
    case "CharDelimiterSplit", "Delimiter":
      try part.allow(["type", "delimiter"])
      stages.append(.delimiter(try part.scalar("delimiter")))
    case "FixedLength":
      try part.allow(["type", "length"])
      let length = try part["length"].map { (part) throws(DSXError) in try part.count() } ?? 5
      guard length > 0 else { throw part.malformed("the length must be at least 1") }
      stages.append(.fixedLength(length))
    default: throw part.unsupported("pre-tokenizer '\(type)'")
    }
  }

  /// Mark and scheme of a Metaspace; `add_prefix_space` is the older way to say `never`.
  static func metaspace(_ part: JSONPart) throws(DSXError) -> (UInt32, PrependScheme) {
    try part.allow([
      "type", "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep",
    ])
    var scheme = PrependScheme.always
    if let stated = part["prepend_scheme"] { scheme = try stated.choice(PrependScheme.self) }
    if try !part.flag("add_prefix_space", true) {
      guard scheme == .never || part["prepend_scheme"] == nil else {
        throw part.malformed("'add_prefix_space' contradicts 'prepend_scheme'")
      }
      guard scheme == .never else {
        // The library refuses this file too: its default scheme is `always`.
        throw part.malformed("'add_prefix_space' false needs 'prepend_scheme' never")
      }
    }
    return (try part.scalar("replacement"), scheme)
  }
}
