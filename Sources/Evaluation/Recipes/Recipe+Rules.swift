internal import DSXCore
internal import Settings

extension Recipe {
  static func gate(_ yaml: StrictYAML, _ models: [RecipeModel], _ datasets: [RecipeDataset])
    throws(DSXError) -> GateRule
  {
    try yaml.allow([
      "dataset", "model", "metric", "test", "min_effect", "resolution", "hard_floor", "required",
      "cannot_tell",
    ])
    func known(_ key: String, _ kind: String, _ names: [String]) throws(DSXError) -> String? {
      guard let name = try yaml.text(key) else { return nil }
      guard names.contains(name) else {
        var error = DSXError.unknown(kind, name, known: names)
        error.location = yaml.fault(key, "").location
        throw error
      }
      return name
    }
    let minimum = try yaml.number("min_effect") ?? 0
    guard minimum >= 0 else { throw yaml.fault("min_effect", "'min_effect' is negative") }
    let resolution = try yaml.number("resolution")
    if let resolution, resolution <= 0 {
      throw yaml.fault("resolution", "'resolution' must be above 0")
    }
    let failsWhenUnsure: Bool
    switch try yaml.text("cannot_tell") ?? "pass" {
    case "pass": failsWhenUnsure = false
    case "fail": failsWhenUnsure = true
    case let word:
      var error = DSXError.unknown("cannot_tell", word, known: ["pass", "fail"])
      error.location = yaml.fault("cannot_tell", "").location
      throw error
    }
    return GateRule(
      dataset: try known("dataset", "data set", datasets.map(\.name)),
      model: try known("model", "model", models.map(\.name)), metric: try yaml.required("metric"),
      test: try yaml.choice("test", GateTest.self) ?? .auto, minimumEffect: minimum,
      resolution: resolution, hardFloor: try yaml.number("hard_floor"),
      isRequired: try yaml.flag("required") ?? true, failsWhenUnsure: failsWhenUnsure,
      line: yaml.firstLine)
  }

  static func reports(_ yaml: StrictYAML) throws(DSXError) -> [ReportForm] {
    guard let words = try yaml.words("report") else { return [.html, .md, .junit, .csv] }
    var forms: [ReportForm] = []
    for word in words where word != "json" {
      guard let form = ReportForm(rawValue: word) else {
        var error = DSXError.unknown(
          "report", word, known: ["json"] + ReportForm.allCases.map(\.rawValue))
        error.location = yaml.fault("report", "").location
        throw error
      }
      if !forms.contains(form) { forms.append(form) }
    }
    return forms
  }

  static func keep(_ yaml: StrictYAML) throws(DSXError) -> KeepRule? {
    guard let keep = try yaml.mapping("keep") else { return nil }
    try keep.allow(["runs", "days"])
    return KeepRule(
      runs: try keep.whole("runs", in: 1...1_000_000), days: try keep.whole("days", in: 1...100_000)
    )
  }

  /// `90`, `90s`, `30m`, `2h`: seconds.
  static func duration(_ yaml: StrictYAML, _ key: String) throws(DSXError) -> Double? {
    guard let text = try yaml.text(key) else { return nil }
    guard let seconds = DurationText.seconds(text) else {
      throw yaml.fault(key, "'\(text)' is no duration", hint: "write 90s, 30m or 2h")
    }
    return seconds
  }

  /// What decides the numbers and the verdict: the schedule and the like are no part of it.
  var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    func texts(_ values: [String]?) -> JSONValue {
      values.map { .array($0.map { .string($0) }) } ?? .null
    }
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    return .object([
      .init("name", .string(name)),
      .init(
        "models",
        .array(
          models.map { model in
            [
              "name": .string(model.name), "model": .string(model.model),
              "dtype": text(model.dtype), "task": text(model.task),
              "datasets": texts(model.datasets),
            ]
          })),
      .init(
        "datasets",
        .array(
          datasets.map { dataset in
            [
              "name": .string(dataset.name), "dataset": .string(dataset.dataset),
              "version": text(dataset.version), "subset": text(dataset.subset),
              "split": text(dataset.split), "task": text(dataset.task),
              "compat": text(dataset.compat), "models": texts(dataset.models),
              "metrics": .array(dataset.metrics), "by": texts(dataset.by),
              "options": .object(dataset.options),
            ]
          })),
      .init("baseline", .string(baseline.text)),
      .init(
        "gates",
        .array(
          gates.map { gate in
            [
              "dataset": text(gate.dataset), "model": text(gate.model),
              "metric": .string(gate.metric), "test": .string(gate.test.rawValue),
              "min_effect": .double(gate.minimumEffect), "resolution": number(gate.resolution),
              "hard_floor": number(gate.hardFloor), "required": .bool(gate.isRequired),
              "cannot_tell": .string(gate.failsWhenUnsure ? "fail" : "pass"),
            ]
          })),
      .init("alpha", .double(gateSettings.alpha)),
      .init("correction", .string(gateSettings.correction.rawValue)),
      .init("resamples", .int(Int64(gateSettings.resamples))),
      .init("seed", .int(Int64(clamping: gateSettings.seed))),
      .init("on_incomplete", .string(acceptsIncomplete ? "accept" : "fail")),
      .init("batch", batchTokens.map { .int(Int64($0)) } ?? .null),
    ])
  }
}

/// Durations as people write them.
public enum DurationText {
  /// Seconds of `90`, `90s`, `30m`, `2h`, `1d`; nil for anything else and for what is not above 0.
  public static func seconds(_ text: String) -> Double? {
    var bytes = Array(text.utf8)
    var factor = 1.0
    switch bytes.last {
    case UInt8(ascii: "s"): bytes.removeLast()
    case UInt8(ascii: "m"): (factor, _) = (60, bytes.removeLast())
    case UInt8(ascii: "h"): (factor, _) = (3600, bytes.removeLast())
    case UInt8(ascii: "d"): (factor, _) = (86400, bytes.removeLast())
    default: break
    }
    guard !bytes.isEmpty, bytes.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
      let value = Double(String(decoding: bytes, as: UTF8.self)), value > 0, value < 1e9
    else { return nil }
    return value * factor
  }
}
