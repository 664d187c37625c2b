internal import ArgumentParser
internal import DSXCore
internal import Models

/// `dsx weights diff A B`
struct WeightsDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare the weights of two files or folders, tensor by tensor.",
    discussion: """
      Names, shapes, types and numbers are compared; format and order in the file do not matter. \
      Prints the largest absolute difference of each tensor. Exit code 0 when nothing differs, 7 \
      when something does.

      Examples:
        dsx weights diff pytorch_model.bin model.safetensors
        dsx weights diff model.safetensors model_f16.safetensors --ignore-types \\
            --tolerance 1e-3
      """)

  @Argument(help: "A weight file, an index of shards, or a model folder.") var left: String
  @Argument(help: "The other one.") var right: String
  @Option(help: "Numbers that differ by no more than this are equal.") var tolerance = 0.0
  @Flag(help: "Tensors of another type but equal numbers are equal.") var ignoreTypes = false
  @Option(help: "How many differing tensors are listed.") var limit = 100
  @Option(help: "Output format: text or json.") var format: WeightsFormat = .text

  func validate() throws {
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance must be a number of at least 0")
    }
    guard limit >= 0 else { throw ValidationError("--limit must not be negative") }
  }

  func run() throws {
    let difference = try WeightDifference(
      TensorStore(path: left), TensorStore(path: right), tolerance: tolerance,
      ignoresTypes: ignoreTypes)
    Output.line(format == .json ? json(difference).text(.indented) : text(difference))
    guard difference.isEmpty else {
      throw DSXError(.different, "the weights '\(left)' and '\(right)' differ")
    }
  }

  private func text(_ difference: WeightDifference) -> String {
    guard !difference.isEmpty else { return "equal: \(difference.common) tensors" }
    var lines = difference.onlyFirst.prefix(limit).map { "only in \(left): \($0)" }
    lines += difference.onlySecond.prefix(limit).map { "only in \(right): \($0)" }
    for tensor in difference.tensors.prefix(limit) {
      var parts: [String] = []
      if tensor.types.first != tensor.types.second {
        parts.append("\(tensor.types.first.shortName), there \(tensor.types.second.shortName)")
      }
      if tensor.shapes.first != tensor.shapes.second {
        parts.append("shape \(tensor.shapes.first), there \(tensor.shapes.second)")
      }
      if let differing = tensor.differing, let largest = tensor.largest {
        parts.append("\(differing) of \(tensor.count) differ, by at most \(largest)")
      }
      lines.append("\(tensor.name): " + parts.joined(separator: "; "))
    }
    lines.append(
      "\(difference.tensors.count) of \(difference.common) tensors differ, "
        + "\(difference.onlyFirst.count + difference.onlySecond.count) are on one side only")
    return lines.joined(separator: "\n")
  }

  private func json(_ difference: WeightDifference) -> JSONValue {
    let tensors = difference.tensors.prefix(limit).map { tensor -> JSONValue in
      [
        "name": .string(tensor.name),
        "dtypes": [
          .string(tensor.types.first.shortName), .string(tensor.types.second.shortName),
        ],
        "shapes": [Self.json(tensor.shapes.first), Self.json(tensor.shapes.second)],
        "differing": tensor.differing.map { .int(Int64($0)) } ?? .null,
        "max_abs_difference": tensor.largest.map { .double($0) } ?? .null,
        "elements": .int(Int64(tensor.count)),
      ]
    }
    return [
      "equal": .bool(difference.isEmpty), "common_tensors": .int(Int64(difference.common)),
      "differing_tensors": .int(Int64(difference.tensors.count)),
      "only_left": .array(difference.onlyFirst.map { .string($0) }),
      "only_right": .array(difference.onlySecond.map { .string($0) }),
      "tensors": .array(Array(tensors)),
    ]
  }

  private static func json(_ shape: [Int]) -> JSONValue { .array(shape.map { .int(Int64($0)) }) }
}
