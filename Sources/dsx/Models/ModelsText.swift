internal import DSXCore
internal import Models

/// What the `models` commands say of a model.
struct ModelsText {
  private let model: ModelInspection
  private let listsTensors: Bool

  init(_ model: ModelInspection, listsTensors: Bool) {
    self.model = model
    self.listsTensors = listsTensors
  }

  private var task: String { model.task ?? model.group?.rawValue ?? "unknown" }

  /// Lines for people: names and values, then the tensors that are to be seen.
  var text: String {
    var rows: [(name: String, value: String)] = []
    func add(_ name: String, _ value: String) { rows.append((name, value)) }
    if let parameters = model.parameters { add("parameters", Self.grouped(parameters)) }
    if model.context > 0 { add("context", Self.grouped(model.context)) }
    if !model.classes.isEmpty { add("classes", model.classes.joined(separator: ", ")) }
    for file in model.files {
      add("weights", "\(file.path): \(file.format.rawValue), \(ByteSize(bytes: file.bytes))")
    }
    if !model.storedType.isEmpty { add("stored as", model.storedType) }
    if let memory = model.memory {
      add(
        "memory",
        "\(ByteSize(bytes: memory.total)) (mapped \(ByteSize(bytes: memory.mapped)), made "
          + "\(ByteSize(bytes: memory.owned)))")
    }
    if let tokenizer = model.tokenizer {
      add("tokenizer", "\(tokenizer.kind), \(Self.grouped(tokenizer.vocabulary)) ids")
    }
    if !model.labels.isEmpty { add("labels", labels) }
    let defaults = model.defaults
    if let dataset = defaults.dataset {
      let parts = [dataset.subset, dataset.split].compactMap { $0 }
      add("evaluated on", ([dataset.name] + parts).joined(separator: ", "))
    }
    if !defaults.metrics.isEmpty {
      add("metrics", defaults.metrics.map(\.name).joined(separator: ", "))
    }
    for member in model.hyperparameters { add(member.name, Self.cut(member.value.text())) }
    if !model.tensors.isEmpty { add("tensors", tally) }
    for problem in model.problems { add("problem", problem.message) }
    let width = rows.reduce(0) { max($0, $1.name.utf8.count) } + 2
    var lines = ["\(model.path): \(model.type), \(task)"]
    lines += rows.map { row in
      "  " + row.name + String(repeating: " ", count: width - row.name.utf8.count) + row.value
    }
    for tensor in model.tensors where listsTensors || tensor.finding.isProblem {
      lines.append("    " + tensor.text)
    }
    return lines.joined(separator: "\n")
  }

  /// The beginning of a long value, e.g. of a chat template.
  private static func cut(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > 80 else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(77))) + "..."
  }

  private var labels: String {
    let shown = model.labels.prefix(10).joined(separator: ", ")
    return "\(model.labels.count): " + shown + (model.labels.count > 10 ? ", ..." : "")
  }

  /// `52 found, 1 missing`
  private var tally: String {
    TensorState.Finding.allCases.compactMap { finding in
      let count = model.count(finding)
      return count > 0 || finding == .found ? "\(count) \(finding.rawValue)" : nil
    }.joined(separator: ", ")
  }

  /// The same as one JSON object.
  var json: JSONValue {
    func number(_ value: Int) -> JSONValue { .int(Int64(value)) }
    var members: [JSONValue.Member] = [
      .init("path", .string(model.path)), .init("name", .string(model.name)),
      .init("type", .string(model.type)), .init("task", .string(task)),
      .init("group", model.group.map { .string($0.rawValue) } ?? .null),
      .init("classes", .array(model.classes.map { .string($0) })),
      .init("parameters", model.parameters.map(number) ?? .null),
      .init("context", number(model.context)), .init("stored_type", .string(model.storedType)),
      .init(
        "files",
        .array(
          model.files.map {
            [
              "path": .string($0.path), "format": .string($0.format.rawValue),
              "bytes": number($0.bytes),
            ]
          })),
      .init(
        "memory",
        model.memory.map {
          ["total": number($0.total), "mapped": number($0.mapped), "made": number($0.owned)]
        } ?? .null),
      .init(
        "tokenizer",
        model.tokenizer.map { ["kind": .string($0.kind), "ids": number($0.vocabulary)] } ?? .null),
      .init("labels", .array(model.labels.map { .string($0) })),
      .init("hyperparameters", .object(model.hyperparameters)),
      .init("evaluation", evaluation),
      .init(
        "tensors",
        .object(
          TensorState.Finding.allCases.map { .init($0.rawValue, number(model.count($0))) })),
    ]
    let listed = model.tensors.filter { listsTensors || $0.finding.isProblem }
    members.append(.init("tensor_list", .array(listed.map(Self.json))))
    members.append(.init("sound", .bool(model.isSound)))
    members.append(
      .init(
        "problems",
        .array(
          model.problems.map {
            [
              "code": .string($0.code.name), "message": .string($0.message),
              "file": $0.location.file.map { .string($0) } ?? .null,
              "hint": $0.hint.map { .string($0) } ?? .null,
            ]
          })))
    return .object(members)
  }

  private var evaluation: JSONValue {
    let defaults = model.defaults
    guard !defaults.isEmpty else { return .null }
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    func number(_ value: Int?) -> JSONValue { value.map { .int(Int64($0)) } ?? .null }
    return [
      "dataset": text(defaults.dataset?.name), "subset": text(defaults.dataset?.subset),
      "split": text(defaults.dataset?.split),
      "metrics": .array(defaults.metrics.map { .string($0.name) }),
      "batch_size": number(defaults.batchSize), "first_sequence": text(defaults.firstSequence),
      "second_sequence": text(defaults.secondSequence), "label": text(defaults.label),
      "max_length": number(defaults.maximumLength),
    ]
  }

  private static func json(_ tensor: TensorState) -> JSONValue {
    func shape(_ shape: [Int]?) -> JSONValue {
      shape.map { .array($0.map { .int(Int64($0)) }) } ?? .null
    }
    return [
      "name": .string(tensor.name), "finding": .string(tensor.finding.rawValue),
      "wanted": shape(tensor.wanted), "stored": shape(tensor.stored),
      "dtype": tensor.type.map { .string($0) } ?? .null,
    ]
  }

  /// The error that an unsound model ends a check with: the tensors by name, else the first problem.
  var failure: DSXError {
    let bad = model.tensors.filter(\.finding.isProblem)
    guard let first = bad.first else {
      return model.problems.first
        ?? DSXError(.internal, "an unsound model without a problem", file: model.path)
    }
    let names = bad.prefix(5).map { "'\($0.name)' (\($0.finding.rawValue))" }
    let more = bad.count > 5 ? " and \(bad.count - 5) more" : ""
    return DSXError(
      .corrupt,
      "\(bad.count) tensors do not fit the configuration: " + names.joined(separator: ", ") + more,
      file: model.files.first?.path ?? model.path,
      hint: first.finding == .notFinite
        ? "the weights are damaged" : "the weights do not belong to this configuration")
  }

  /// A number with commas between groups of three digits.
  static func grouped(_ number: Int) -> String {
    var text: [UInt8] = []
    let digits = Array(String(number.magnitude).utf8)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(decoding: text, as: UTF8.self)
  }
}
