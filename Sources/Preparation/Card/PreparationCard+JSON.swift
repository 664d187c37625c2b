public import DSXCore

extension PreparationCard {
  /// `OUTPUT.report.json`. The last member, `runtime`, may differ between runs; nothing else may.
  public var json: JSONValue {
    .object([
      .init("format", "dsx-report"), .init("version", 1), .init("kind", "prepare"),
      .init("tool", .string(facts.tool)), .init("plan", .string(facts.plan)),
      .init("documents", documents), .init("lengths", lengths), .init("dropped", dropped),
      .init("scripts", scripts), .init("lines", lines), .init("files", files),
      .init("counts", facts.counts), .init("vocabulary", facts.vocabulary),
      .init("inputs_sha256", .string(inputsDigest)),
      .init("options_sha256", .string(SHA256.hex(facts.options.text()))),
      .init("options", facts.options), .init("runtime", facts.runtime),
    ])
  }

  private static func integer(_ value: Int) -> JSONValue { .int(Int64(value)) }

  private var documents: JSONValue {
    let s = statistics
    return [
      "kept": Self.integer(s.documents), "dropped": Self.integer(droppedDocuments),
      "exact_duplicates": Self.integer(s.dropped[.exactDuplicate]?.documents ?? 0),
      "near_duplicates": Self.integer(s.dropped[.nearDuplicate]?.documents ?? 0),
      "bytes": Self.integer(s.bytes), "characters": Self.integer(s.characters),
      "tokens": Self.integer(s.tokens), "unknown_tokens": Self.integer(s.unknown),
      "characters_per_token": .double(Self.share(s.characters, s.tokens)),
      "bytes_per_token": .double(Self.share(s.bytes, s.tokens)),
      "tokens_per_document": .double(Self.share(s.tokens, s.documents)),
      "unknown_rate": unknownRate.map { .double($0) } ?? .null,
    ]
  }

  private var lengths: JSONValue {
    let counts = statistics.lengths.counts
    let bins: [JSONValue] = counts.indices.filter { counts[$0] > 0 }.map { bin in
      [
        Self.integer(LengthHistogram.lower(bin)), Self.integer(LengthHistogram.lower(bin + 1)),
        Self.integer(counts[bin]),
      ]
    }
    return [
      "unit": "tokens", "sequence_length": Self.integer(statistics.sequenceLength),
      "longer": Self.integer(statistics.longDocuments), "bins": .array(bins),
    ]
  }

  private var dropped: JSONValue {
    .array(
      reasons.map { rule in
        let counts = statistics.dropped[rule] ?? CardStatistics.DropCounts()
        return [
          "reason": .string(rule.name), "documents": Self.integer(counts.documents),
          "bytes": Self.integer(counts.bytes),
          "limit": facts.quality.limits[rule].map { .double($0) } ?? .null,
        ]
      })
  }

  /// The reasons for which documents were dropped, most first.
  var reasons: [QualityRule] {
    statistics.dropped.keys.sorted { one, two in
      let (a, b) = (
        statistics.dropped[one]?.documents ?? 0, statistics.dropped[two]?.documents ?? 0
      )
      return a != b ? a > b : one.rawValue < two.rawValue
    }
  }

  private var scripts: JSONValue {
    .object(
      Script.allCases.map { script in
        let count = statistics.scripts[script.index]
        return .init(
          script.rawValue,
          [
            "characters": Self.integer(count),
            "share": .double(Self.share(count, statistics.characters)),
          ])
      })
  }

  private var lines: JSONValue {
    let sample = statistics.sample
    return [
      "count": Self.integer(sample.lines),
      "sampled": Self.integer(min(sample.lines, LineSample.capacity)),
      "exact": .bool(sample.isComplete),
      "repeated": .array(
        repeated.map { line in
          [
            "count": Self.integer(Int((Double(line.count) * lineWeight).rounded())),
            "text": .string(line.text),
          ]
        }),
    ]
  }

  private var files: JSONValue {
    var rows: [JSONValue] = facts.inputs.prefix(CardStatistics.fileLimit).enumerated().map {
      row(statistics.files[$0] ?? CardStatistics.FileCounts(), $1, rest: 0)
    }
    let rest = facts.inputs.count - rows.count
    if rest > 0 { rows.append(row(statistics.otherFiles, nil, rest: rest)) }
    return .array(rows)
  }

  private func row(
    _ counts: CardStatistics.FileCounts, _ input: Input?, rest: Int
  ) -> JSONValue {
    [
      "name": .string(input?.name ?? "(\(rest) more)"),
      "file_bytes": input.map { Self.integer($0.bytes) } ?? .null,
      "sha256": input.map { .string($0.sha256) } ?? .null,
      "documents": Self.integer(counts.documents), "bytes": Self.integer(counts.bytes),
      "tokens": Self.integer(counts.tokens), "dropped": Self.integer(counts.dropped),
    ]
  }
}
