public import DSXCore

extension CellRecord {
  /// The record of an evaluated cell's folder, with its examples.
  public init(_ folder: CellFolder, key: String, path: String?) throws(DSXError) {
    let report = folder.report
    func name(_ value: JSONValue, _ member: String) -> String {
      value[member].flatMap { $0.string ?? ($0.isNull ? nil : $0.text()) } ?? ""
    }
    self.init(
      key: key, model: name(report.model, "name"),
      modelFingerprint: name(report.model, "fingerprint"), dataset: name(report.dataset, "name"),
      version: name(report.dataset, "version"), subset: name(report.dataset, "subset"),
      split: name(report.dataset, "split"),
      datasetFingerprint: name(report.dataset, "fingerprint"), task: name(report.task, "name"),
      identity: report.identity, status: folder.isWhole ? "complete" : "incomplete")
    requested = report.counts.requested
    succeeded = report.counts.succeeded
    failed = report.counts.failed + report.counts.missing
    skipped = report.counts.skipped
    seconds = report.runtime?.seconds
    self.folder = path
    let stored = try folder.examples()
    let (heads, lines) = try Self.lines(stored.file)
    results = Self.results(report, heads: heads)
    let keeping = results.filter { $0.head != nil }.map(\.metric)
    for line in lines {
      guard let id = line["id"]?.text() else { continue }
      var scores: [(score: Double?, statistics: String)] = []
      for metric in keeping {
        guard let one = line["metrics"]?[metric], let statistics = one["statistics"] else {
          throw DSXError(
            .malformed, "an example has no statistics of \(metric)",
            file: FilePath.join(folder.path, CellFolder.examplesName))
        }
        scores.append((one["score"]?.double, statistics.text()))
      }
      let hashes = stored.hashes[CellExamples.key(id)]
      examples.append(
        ExampleRecord(
          id: id, cluster: line["cluster"]?.string, slice: line["by"]?.string,
          inputHash: hashes?.input, predictionHash: hashes?.prediction,
          scores: scores))
    }
  }

  /// The results of a report; `heads`: the metrics whose examples are kept.
  static func results(_ report: RunReport, heads: [String: JSONValue]) -> [ResultRecord] {
    report.results.map { result in
      ResultRecord(
        metric: result.metric, value: result.value, standardError: result.standardError,
        low: result.interval?.low, high: result.interval?.high, count: result.count,
        unit: result.unit ?? "", higherIsBetter: result.higherIsBetter,
        signature: result.signature, head: heads[result.metric])
    }
  }

  /// The head's metrics by key, and the lines, of an examples' file.
  private static func lines(_ bytes: [UInt8]) throws(DSXError) -> (
    heads: [String: JSONValue], lines: [JSONValue]
  ) {
    var heads: [String: JSONValue] = [:]
    var lines: [JSONValue] = []
    for (number, line) in bytes.split(separator: 0x0a).enumerated() {
      let json = try JSONParser.parse(String(decoding: line, as: UTF8.self))
      guard number == 0 else {
        lines.append(json)
        continue
      }
      for metric in json["metrics"]?.array ?? [] {
        if let key = metric["key"]?.string { heads[key] = metric }
      }
    }
    return (heads, lines)
  }
}
