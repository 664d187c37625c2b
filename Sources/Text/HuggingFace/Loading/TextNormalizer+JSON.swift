internal import DSXCore

extension TextNormalizer {
  /// The `normalizer` of a `tokenizer.json`.
  init(_ part: JSONPart) throws(DSXError) {
    let type = try part.type()
    switch type {
    case "Sequence":
      try part.allow(["type", "normalizers"])
      var parts: [TextNormalizer] = []
      for element in try part.required("normalizers").elements() {
        parts.append(try TextNormalizer(element))
      }
      self = .sequence(parts)
    case "NFC", "NFD", "NFKC", "NFKD":
      try part.allow(["type"])
      guard let form = UnicodeNormalizer.Form(rawValue: type) else { throw part.unsupported(type) }
      self = .unicode(UnicodeNormalizer(form))
    case "Lowercase":
      try part.allow(["type"])
      self = .lowercase
    case "Strip":
      try part.allow(["type", "strip_left", "strip_right"])
      self = .strip(left: try part.flag("strip_left"), right: try part.flag("strip_right"))
    case "StripAccents":
      try part.allow(["type"])
      self = .stripAccents
    case "Nmt":
      try part.allow(["type"])
      self = .nmt
    case "ByteLevel":
      try part.allow(["type"])
      self = .byteLevel
    case "BertNormalizer", "Bert":
      try part.allow([
        "type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase",
      ])
      let lowercases = try part.flag("lowercase")
      self = .bert(
        BertNormalizer(
          cleansText: try part.flag("clean_text"),
          spacesChinese: try part.flag("handle_chinese_chars"),
          stripsAccents: try part.flag("strip_accents", lowercases), lowercases: lowercases))
    case "Replace":
      try part.allow(["type", "pattern", "content"])
      self = .replace(
        try TextPattern(part.required("pattern")), content: try part.required("content").scalars())
    case "Prepend":
      try part.allow(["type", "prepend"])
      self = .prepend(try part.required("prepend").scalars())
    case "Precompiled":
      try part.allow(["type", "precompiled_charsmap"])
      let map = try part.required("precompiled_charsmap")
      guard let bytes = Base64.decode(try map.string()) else {
        throw map.malformed("this is not base 64")
      }
      do throws(DSXError) { self = .precompiled(try PrecompiledMap(bytes)) } catch {
        throw map.malformed(error.message)
      }
    default: throw part.unsupported("normalizer '\(type)'")
    }
  }
}
