internal import DSXCore

extension EvaluationIndex {
  /// Collects the n-grams of files.
  struct Builder {
    private let words: Int
    private var scanner = UnitScanner(parts: false)
    private let powers: [UInt64]
    /// N-grams in the order of their items.
    private(set) var found: [(UInt64, UInt32)] = []
    private(set) var lines: [UInt32] = []
    private(set) var strings = 0
    private(set) var shortStrings = 0

    init(words: Int) {
      self.words = words
      powers = WeightedWindow.powers(words)
    }

    mutating func add(_ path: String) throws(DSXError) {
      let file = try MappedFile(path: path)
      defer { withExtendedLifetime(file) {} }
      let bytes = file.bytes
      if let bad = UTF8Validation.firstInvalid(bytes) {
        throw DSXError(.malformed, "the evaluation set is not valid UTF-8", byte: bad)
      }
      let name = path.utf8
      func ends(_ suffix: String) -> Bool {
        name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
      }
      if ends(".json") {
        // One value, or (as many data sets have it) lines of values under the wrong name.
        if let value = try? JSONParser.parse(bytes) {
          var number: UInt32 = 0
          forEachString(value) { text in
            number += 1
            addItem(number)
            addText(text)
          }
          return
        }
        try addLines(bytes, isJSON: true)
      } else {
        try addLines(bytes, isJSON: ends(".jsonl") || ends(".ndjson"))
      }
    }

    private mutating func addLines(
      _ bytes: UnsafeRawBufferPointer, isJSON: Bool
    ) throws(DSXError) {
      var (start, number) = (0, UInt32(0))
      while start < bytes.count {
        var end = start
        while end < bytes.count, bytes[end] != 0x0a { end += 1 }
        let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        number += 1
        if line.contains(where: { $0 > 0x20 }) {
          addItem(number)
          if isJSON {
            let value: JSONValue
            do {
              value = try JSONParser.parse(line, base: start)
            } catch {
              var error = error
              error.location.line = Int(number)
              throw error
            }
            forEachString(value) { addText($0) }
          } else {
            addText(line)
          }
        }
        start = end + 1
      }
    }

    private mutating func addItem(_ number: UInt32) { lines.append(number) }

    private mutating func addText(_ text: String) {
      let bytes = Array(text.utf8)
      bytes.withUnsafeBytes { addText($0) }
    }

    private mutating func addText(_ text: UnsafeRawBufferPointer) {
      scanner.scan(text)
      let item = UInt32(clamping: lines.count - 1)
      let before = found.count
      scanner.units.hashes.withUnsafeBufferPointer { hashes in
        scanner.units.lengths.withUnsafeBufferPointer { lengths in
          powers.withUnsafeBufferPointer { powers in
            WeightedWindow.forEach(words, hashes: hashes, lengths: lengths, powers: powers) {
              _, _, hash in
              found.append((hash, item))
            }
          }
        }
      }
      strings += 1
      if found.count == before { shortStrings += 1 }
    }

    private func forEachString(_ value: JSONValue, _ body: (String) -> Void) {
      switch value {
      case .string(let text): body(text)
      case .array(let values): for value in values { forEachString(value, body) }
      case .object(let members): for member in members { forEachString(member.value, body) }
      default: break
      }
    }
  }
}
