public import DSXCore

extension CardStatistics {
  /// The state as JSON, for a shard's file: equal states give equal bytes.
  public var state: JSONValue {
    var lines: [JSONValue] = []
    sample.forEach { order, hash, text in
      lines.append([
        .string(String(order, radix: 16)), .string(String(hash, radix: 16)),
        .string(String(decoding: text, as: UTF8.self)),
      ])
    }
    return .object(head + [.init("sample", .array(lines))])
  }

  /// The text of `state` without blanks: the same bytes, but the sample, which is nearly all of them, is
  /// written as it lies.
  public var stateText: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(LineSample.capacity * 140)
    JSONValue.object(head).write(into: &bytes)
    // The sample goes in front of the brace that ends the object.
    bytes.removeLast()
    bytes.append(contentsOf: ",\"sample\":[".utf8)
    var isFirst = true
    sample.forEach { order, hash, text in
      bytes.append(contentsOf: (isFirst ? "[\"" : ",[\"").utf8)
      isFirst = false
      Self.writeHexadecimal(order, into: &bytes)
      bytes.append(contentsOf: "\",\"".utf8)
      Self.writeHexadecimal(hash, into: &bytes)
      bytes.append(contentsOf: "\",".utf8)
      if UTF8Validation.firstInvalid(text) == nil {
        JSONValue.writeString(utf8: text, into: &bytes)
      } else {
        JSONValue.writeString(String(decoding: text, as: UTF8.self), into: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    }
    bytes.append(contentsOf: "]}".utf8)
    return bytes
  }

  private static func writeHexadecimal(_ value: UInt64, into bytes: inout [UInt8]) {
    var shift = max(0, 60 - value.leadingZeroBitCount / 4 * 4)
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 15)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      shift -= 4
    }
  }

  /// All members but the sample, which comes last.
  private var head: [JSONValue.Member] {
    let rules = dropped.keys.sorted { $0.rawValue < $1.rawValue }
    let head: JSONValue = [
      "sequence_length": Self.integer(sequenceLength), "documents": Self.integer(documents),
      "bytes": Self.integer(bytes), "characters": Self.integer(characters),
      "tokens": Self.integer(tokens), "unknown": Self.integer(unknown),
      "long_documents": Self.integer(longDocuments),
      "lengths": .array(lengths.counts.map(Self.integer)),
      "scripts": .array(scripts.map(Self.integer)),
      "dropped": .array(
        rules.map { rule in
          let counts = dropped[rule] ?? DropCounts()
          return [
            .string(rule.name), Self.integer(counts.documents), Self.integer(counts.bytes),
          ]
        }),
      "files": .array(
        files.keys.sorted().map { input in
          .array([Self.integer(input)] + Self.numbers(files[input] ?? FileCounts()))
        }),
      "other_files": .array(Self.numbers(otherFiles)),
      "lines": Self.integer(sample.lines),
    ]
    return head.object ?? []
  }

  /// Reads a state. Throws `malformed`.
  public init(state: JSONValue) throws(DSXError) {
    func bad(_ what: String) -> DSXError {
      DSXError(.malformed, "the statistics have no valid '\(what)'")
    }
    func count(_ value: JSONValue?, _ what: String) throws(DSXError) -> Int {
      // No real count comes near; sums of a million such states still fit.
      guard let count = value?.int, (0...1 << 43).contains(count) else { throw bad(what) }
      return count
    }
    func counts(_ value: JSONValue?, _ what: String) throws(DSXError) -> [Int] {
      guard let values = value?.array else { throw bad(what) }
      var numbers: [Int] = []
      for value in values { numbers.append(try count(value, what)) }
      return numbers
    }
    self.init(sequenceLength: try count(state["sequence_length"], "sequence_length"))
    documents = try count(state["documents"], "documents")
    bytes = try count(state["bytes"], "bytes")
    characters = try count(state["characters"], "characters")
    tokens = try count(state["tokens"], "tokens")
    unknown = try count(state["unknown"], "unknown")
    longDocuments = try count(state["long_documents"], "long_documents")
    let bins = try counts(state["lengths"], "lengths")
    guard bins.count <= LengthHistogram.limit else { throw bad("lengths") }
    lengths = LengthHistogram(counts: bins)
    scripts = try counts(state["scripts"], "scripts")
    guard scripts.count == CharacterClass.scripts else { throw bad("scripts") }
    for entry in state["dropped"]?.array ?? [] {
      guard let values = entry.array, values.count == 3, let name = values[0].string,
        let rule = QualityRule(name: name)
      else { throw bad("dropped") }
      dropped[rule] = DropCounts(
        documents: try count(values[1], "dropped"), bytes: try count(values[2], "dropped"))
    }
    for entry in state["files"]?.array ?? [] {
      let values = try counts(entry, "files")
      guard values.count == 5 else { throw bad("files") }
      files[values[0]] = Self.file(values.dropFirst())
    }
    let others = try counts(state["other_files"], "other_files")
    guard others.count == 4 else { throw bad("other_files") }
    otherFiles = Self.file(others[...])
    var entries: [(order: UInt64, hash: UInt64, text: [UInt8])] = []
    for entry in state["sample"]?.array ?? [] {
      guard let values = entry.array, values.count == 3, let text = values[2].string,
        let order = values[0].string.flatMap({ UInt64($0, radix: 16) }),
        let hash = values[1].string.flatMap({ UInt64($0, radix: 16) }),
        // A byte that is no UTF-8 became three.
        text.utf8.count <= LineSample.textBytes * 3, entries.count < LineSample.capacity
      else { throw bad("sample") }
      entries.append((order, hash, Array(text.utf8)))
    }
    sample = LineSample(lines: try count(state["lines"], "lines"), entries: entries)
  }

  private static func integer(_ value: Int) -> JSONValue { .int(Int64(value)) }

  private static func numbers(_ file: FileCounts) -> [JSONValue] {
    [file.documents, file.bytes, file.tokens, file.dropped].map(integer)
  }

  private static func file(_ values: ArraySlice<Int>) -> FileCounts {
    let values = Array(values)
    return FileCounts(
      documents: values[0], bytes: values[1], tokens: values[2], dropped: values[3])
  }
}
