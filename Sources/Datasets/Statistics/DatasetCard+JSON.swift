public import DSXCore

extension DatasetCard {
  /// `stats.json`: members as docs/dataset-card.md lists them.
  public var json: JSONValue {
    [
      "format": "dsx-dataset-card", "version": .int(Int64(Self.version)), "name": .string(name),
      "namespace": .string(namespace), "data_version": .string(dataVersion),
      "subset": .string(subset), "tool": .string(tool), "rows": .int(Int64(rows)),
      "splits": .array(splits.map { $0.json }), "shared": .array(leaks.map { $0.json }),
    ]
  }
}

extension SplitStatistics {
  var json: JSONValue {
    [
      "split": .string(split), "fingerprint": .string(fingerprint), "rows": .int(Int64(rows)),
      "skipped_rows": .int(Int64(skipped)), "duplicate_rows": .int(Int64(duplicateRows)),
      "exact": .bool(rowValues.isExact), "columns": .array(columns.map { $0.json }),
    ]
  }
}

extension SplitLeak {
  var json: JSONValue {
    [
      "split": .string(split), "in": .string(other),
      "rows": rows.map { .int(Int64($0)) } ?? .null,
      "columns": .object(columns.map { .init($0.name, .int(Int64($0.rows))) }),
      "exact": .bool(isExact),
    ]
  }
}

extension ColumnStatistics {
  /// Values that the JSON lists.
  static let listed = 100

  var json: JSONValue {
    func integer(_ value: Int) -> JSONValue { .int(Int64(value)) }
    var members: [JSONValue.Member] = [
      .init("name", .string(field.name)), .init("type", .string(field.typeWords)),
      .init("nulls", integer(nulls)), .init("distinct", integer(values.distinct)),
      .init("repeated", integer(values.duplicates)),
      .init("most_occurrences", integer(values.mostOccurrences)),
      .init("exact", .bool(values.isExact)),
    ]
    if lengths != nil { members.append(.init("empty", integer(empty))) }
    if let numbers { members.append(.init("numbers", numbers.json)) }
    if let characters { members.append(.init("characters", characters.json)) }
    if let lengths {
      let name = field.type == .string || field.type == .bytes ? "bytes" : "lengths"
      members.append(.init(name, lengths.json))
    }
    if let sorted = frequent?.sorted {
      members.append(
        .init(
          "values",
          .array(
            sorted.prefix(Self.listed).map { [.string($0.value), integer($0.count)] })))
    }
    if let images {
      func pairs(_ counts: ValueCounts) -> JSONValue {
        counts.sorted.map {
          .array($0.prefix(Self.listed).map { [.string($0.value), integer($0.count)] })
        }
          ?? .null
      }
      members.append(
        .init(
          "images",
          [
            "widths": images.widths.json, "heights": images.heights.json,
            "sizes": pairs(images.sizes), "modes": pairs(images.modes),
            "turned": integer(images.turned), "bad": integer(images.bad),
            "faults": .array(
              images.faults.map { ["row": integer($0.row), "reason": .string($0.reason)] }),
          ]))
    }
    return .object(members)
  }
}

extension NumberSummary {
  /// The quantiles that cards tell.
  static let shares: [(name: String, share: Double)] = [
    ("p1", 0.01), ("p5", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95),
    ("p99", 0.99),
  ]

  var json: JSONValue {
    func number(_ value: Double?) -> JSONValue {
      guard let value, value.isFinite else { return .null }
      if isWhole, let whole = Int64(exactly: value) { return .int(whole) }
      return .double(value)
    }
    let found = quantiles(Self.shares.map(\.share))
    let picture = histogram()
    return [
      "count": .int(Int64(count)), "not_finite": .int(Int64(notFinite)),
      "zeros": .int(Int64(zeros)), "negative": .int(Int64(negatives)),
      "minimum": integers.map { .int($0.lowerBound) } ?? number(count > 0 ? minimum : nil),
      "maximum": integers.map { .int($0.upperBound) } ?? number(count > 0 ? maximum : nil),
      "mean": average.map { .double($0) } ?? .null,
      "deviation": deviation.map { .double($0) } ?? .null,
      "exact": .bool(isExact),
      "quantiles": .object(zip(Self.shares, found).map { .init($0.name, number($1)) }),
      "histogram": [
        "lower": .double(picture.lower), "width": .double(picture.width),
        "counts": .array(picture.counts.map { .int(Int64($0)) }),
      ],
    ]
  }
}
