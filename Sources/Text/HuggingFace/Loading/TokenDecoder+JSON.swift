internal import DSXCore

extension TokenDecoder {
  /// The `decoder` of a `tokenizer.json`.
  init(_ part: JSONPart) throws(DSXError) {
    let type = try part.type()
    switch type {
    case "Sequence":
      try part.allow(["type", "decoders"])
      var parts: [TokenDecoder] = []
      for element in try part.required("decoders").elements() {
        parts.append(try TokenDecoder(element))
      }
      self = .sequence(parts)
    case "ByteLevel":
      try part.allow(["type", "add_prefix_space", "trim_offsets", "use_regex"])
      self = .byteLevel
    case "ByteFallback":
      try part.allow(["type"])
      self = .byteFallback
    case "Fuse":
      try part.allow(["type"])
      self = .fuse
    case "Replace":
      try part.allow(["type", "pattern", "content"])
      self = .replace(
        try TextPattern(part.required("pattern")), content: try part.required("content").string())
    case "Strip":
      try part.allow(["type", "content", "start", "stop"])
      self = .strip(
        try part.scalar("content"), start: try part.required("start").count(),
        stop: try part.required("stop").count())
    case "WordPiece":
      try part.allow(["type", "prefix", "cleanup"])
      self = .wordPiece(
        prefix: try part.required("prefix").string(), cleansUp: try part.flag("cleanup"))
    case "Metaspace":
      let (mark, scheme) = try PreTokenizer.metaspace(part)
      self = .metaspace(mark, scheme)
    case "BPEDecoder":
      try part.allow(["type", "suffix"])
      self = .bpe(suffix: try part.required("suffix").string())
    case "CTC":
      try part.allow(["type", "pad_token", "word_delimiter_token", "cleanup"])
      self = .ctc(
        padding: try part.required("pad_token").string(),
        delimiter: try part.required("word_delimiter_token").string(),
        cleansUp: try part.flag("cleanup"))
    default: throw part.unsupported("decoder '\(type)'")
    }
  }
}
