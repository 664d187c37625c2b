internal import DSXCore

/// The files that a compiled dictionary is made from.
struct JiebaSources {
  let dictionary: MappedFile
  let start: MappedFile
  let transition: MappedFile
  let emission: MappedFile

  init(
    dictionary: String, start: String, transition: String, emission: String
  ) throws(DSXError) {
    self.dictionary = try MappedFile(path: dictionary)
    self.start = try MappedFile(path: start)
    self.transition = try MappedFile(path: transition)
    self.emission = try MappedFile(path: emission)
  }

  /// The files that ship with dsx, or the model that ships and another dictionary.
  init(homes: Homes, dictionary: String? = nil) throws(DSXError) {
    let own = try homes.resource("Jieba", "dict.txt")
    try self.init(
      dictionary: dictionary ?? own,
      start: homes.resource("Jieba", "prob_start.json"),
      transition: homes.resource("Jieba", "prob_trans.json"),
      emission: homes.resource("Jieba", "prob_emit.json"))
  }

  /// One number for the content of all four files.
  var fingerprint: UInt64 {
    [dictionary, start, transition, emission].reduce(0) { Fingerprint.hash($1.bytes, seed: $0) }
  }

  /// Reads and compiles them.
  func compile() throws(DSXError) -> [UInt8] {
    let text: DictionaryText
    do {
      text = try DictionaryText(dictionary.bytes)
    } catch { throw error.inFile(dictionary.path) }
    let model = try HMMTables(
      start: parse(start), transition: parse(transition), emission: parse(emission))
    return try JiebaImage.compile(text, dictionary.bytes, model, source: fingerprint)
  }

  private func parse(_ file: MappedFile) throws(DSXError) -> JSONValue {
    do { return try JSONParser.parse(file.bytes) } catch { throw error.inFile(file.path) }
  }
}
