public import DSXCore

/// The two files of the older form: `vocab.json` (spelling to id) and `merges.txt` (a pair a line).
enum ByteLevelFiles {
  /// The spellings and ids of a JSON object.
  static func vocabulary(_ part: JSONValue?) throws(DSXError) -> [(spelling: String, id: Int)] {
    guard let members = part?.object, !members.isEmpty else {
      throw DSXError(.malformed, "the vocabulary must be an object of pieces and ids")
    }
    var entries: [(spelling: String, id: Int)] = []
    entries.reserveCapacity(members.count)
    for member in members {
      guard case .int(let id) = member.value, let id = Int(exactly: id) else {
        throw DSXError(
          .malformed, "the piece '\(member.name)' has the id \(member.value.text())")
      }
      entries.append((member.name, id))
    }
    return entries
  }

  /// Two pieces with one blank between them.
  static func pair(_ line: some RandomAccessCollection<UInt8>) -> (left: String, right: String)? {
    guard let blank = line.firstIndex(of: 0x20) else { return nil }
    let right = line[line.index(after: blank)...]
    guard blank != line.startIndex, !right.isEmpty, !right.contains(0x20) else { return nil }
    return (
      String(decoding: line[..<blank], as: UTF8.self), String(decoding: right, as: UTF8.self)
    )
  }

  /// The lines of `merges.txt` in rank order. A `#version` line is no merge.
  static func merges(_ path: String) throws(DSXError) -> [(left: String, right: String)] {
    let file = try MappedFile(path: path, required: true)
    // The lines point into the mapping.
    defer { withExtendedLifetime(file) {} }
    if let bad = UTF8Validation.firstInvalid(file.bytes) {
      throw DSXError(.malformed, "the merges are not valid UTF-8", file: path, byte: bad)
    }
    var merges: [(left: String, right: String)] = []
    var number = 0
    var start = 0
    while start < file.bytes.count {
      number += 1
      let end = file.bytes[start...].firstIndex(of: 0x0a) ?? file.bytes.count
      var line = file.bytes[start..<end]
      start = end + 1
      if line.last == 0x0d { line.removeLast() }
      if line.starts(with: "#version".utf8) { continue }
      if line.isEmpty, start >= file.bytes.count { break }
      guard let pair = pair(line) else {
        throw DSXError(
          .malformed, "a merge must be two pieces with one blank between them", file: path,
          line: number)
      }
      merges.append(pair)
    }
    return merges
  }
}

extension ByteLevelTokenizer {
  /// Reads the older form of two files, with GPT-2's splitting pattern.
  ///
  /// - Parameters:
  ///   - special: spellings that are special tokens where the vocabulary has them.
  /// Throws `missingFile` or `malformed` with file and line.
  public static func open(
    vocabulary path: String, merges mergesPath: String,
    special: [String] = ["<|endoftext|>"], addsPrefixSpace: Bool = false
  ) throws(DSXError) -> ByteLevelTokenizer {
    let root = try JSONParser.parse(file: path, required: true)
    let merges = try ByteLevelFiles.merges(mergesPath)
    do throws(DSXError) {
      let entries = try ByteLevelFiles.vocabulary(root)
      var tokens: [AddedToken] = []
      for content in special where !tokens.contains(where: { $0.content == content }) {
        guard let entry = entries.first(where: { $0.spelling.utf8.elementsEqual(content.utf8) }),
          let id = Int32(exactly: entry.id)
        else { continue }
        tokens.append(AddedToken(id: id, content: content))
      }
      let vocabulary = try ByteLevelVocabulary(
        vocabulary: entries, merges: merges, ignoresMerges: false, addedTokens: tokens)
      return ByteLevelTokenizer(
        vocabulary, addsPrefixSpace: addsPrefixSpace, splitsByPattern: true)
    } catch {
      throw error.inFile(path)
    }
  }
}
