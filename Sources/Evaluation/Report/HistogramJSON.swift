internal import DSXCore
internal import Reports

/// A histogram inside report.json: bin edges and counts, so that a report can be drawn from it alone.
enum HistogramJSON {
  static func value(_ histogram: Histogram) -> JSONValue {
    .object([
      .init("lower", .double(histogram.lower)), .init("upper", .double(histogram.upper)),
      .init("counts", .array(histogram.counts.map { .int(Int64($0)) })),
    ])
  }

  static func histogram(_ value: JSONValue?, axis: String, unit: String, summary: String)
    -> Histogram?
  {
    guard let lower = value?["lower"]?.double, let upper = value?["upper"]?.double,
      let counts = value?["counts"]?.array?.compactMap(\.int), upper > lower, !counts.isEmpty
    else { return nil }
    return Histogram(
      lower: lower, upper: upper, counts: counts, axis: axis, unit: unit, summary: summary)
  }
}
