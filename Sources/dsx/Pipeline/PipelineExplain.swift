internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Pipelines

/// `dsx pipeline explain RECIPE`
struct PipelineExplain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Print the stages of a pipeline: arguments, columns, order, memory.",
    discussion: """
      Reads no more of the data than its columns' types need. The fingerprint is what a \
      saved position belongs to.

      Examples:
        dsx pipeline explain recipe.yaml
        dsx pipeline explain --dataset ddtp_zh --split train \\
            --stage 'shuffle: {seed: 1, window: 500}'
      """)

  @OptionGroup var choice: PipelineChoice
  @Option(help: "How it is printed: text or json.") var format = PipelineFormat.text

  func run() throws {
    let pipeline = try choice.pipeline()
    let stages = pipeline.explanation
    if format == .json {
      let list = stages.map(json)
      Output.line(
        JSONValue.object([
          .init("fingerprint", .string(pipeline.fingerprint)), .init("stages", .array(list)),
        ]).text(.indented))
      return
    }
    for (number, stage) in stages.enumerated() {
      var line = "\(number + 1). \(stage.stage)"
      let words = (stage.parameters + stage.tuning).filter { !$0.value.isNull }.map {
        "\($0.name): \($0.value.string ?? $0.value.text(.spaced))"
      }
      if !words.isEmpty { line += "  " + words.joined(separator: ", ") }
      Output.line(line)
      Output.line("   columns: " + stage.schema.fields.map(Self.words).joined(separator: ", "))
      if let rows = stage.rows { Output.line("   rows: \(rows), in random access") }
      Output.line("   order: " + stage.order)
      Output.line("   memory: " + stage.memory)
    }
    Output.line("fingerprint: " + pipeline.fingerprint)
  }

  static func words(_ field: Field) -> String {
    var text = "\(field.name) \(field.type.rawValue)"
    if let shape = field.shape {
      text += "[" + shape.map { $0 == -1 ? "?" : "\($0)" }.joined(separator: ", ") + "]"
    }
    return text + (field.isNullable ? " or null" : "")
  }

  private func json(_ stage: StageExplanation) -> JSONValue {
    [
      "stage": .string(stage.stage), "depth": .int(Int64(stage.depth)),
      "parameters": .object(stage.parameters), "tuning": .object(stage.tuning),
      "columns": .array(
        stage.schema.fields.map { field in
          [
            "name": .string(field.name), "type": .string(field.type.rawValue),
            "shape": field.shape.map { .array($0.map { .int(Int64($0)) }) } ?? .null,
            "nullable": .bool(field.isNullable),
          ]
        }),
      "random_access": .bool(stage.isRandomAccess),
      "rows": stage.rows.map { .int(Int64($0)) } ?? .null, "order": .string(stage.order),
      "memory": .string(stage.memory),
    ]
  }
}
