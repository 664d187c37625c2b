internal import ArgumentParser
internal import DSXCore
internal import Models

/// `dsx weights convert IN OUT`
struct WeightsConvert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write weights of any format as safetensors, .ckpt or .npz.",
    discussion: """
      The end of OUT's name chooses the format. Values are not changed unless --dtype asks for it;
      then floats are rounded to nearest, ties to even, and a number that would become infinite is an
      error. Integers stay as they are. Quantised GGUF tensors need --dtype.

      --map names a JSON object from old names to new ones; null leaves a tensor out, what is not
      named keeps its name. The same weights give the same bytes, whatever format they came from.

      Examples:
        dsx weights convert pytorch_model.bin model.safetensors
        dsx weights convert model.gguf model.safetensors --dtype f16
        dsx weights convert model.safetensors model.ckpt --map names.json
      """)

  /// The types that floats can become.
  enum FloatType: String, ExpressibleByArgument, CaseIterable {
    case f32, f16, bf16

    var element: ElementType {
      switch self {
      case .f32: .f32
      case .f16: .f16
      case .bf16: .bf16
      }
    }
  }

  @Argument(help: "A weight file, an index of shards, or a model folder.") var input: String
  @Argument(help: "The new file: .safetensors, .ckpt or .npz.") var output: String
  @Option(help: "What floats become: f32, f16 or bf16. Default: they stay as they are.")
  var dtype: FloatType?
  @Option(help: "A JSON file with new names: {\"old\": \"new\", \"unwanted\": null}.")
  var map: String?
  @Flag(help: "Replace the output if it is there.") var overwrite = false

  func run() throws {
    guard let format = WeightWriter.format(ofName: output) else {
      throw DSXError(
        .usage, "the name of the output does not say its format", file: output,
        hint: "end it in " + WeightWriter.formats.map { "." + $0.rawValue }.joined(separator: ", "))
    }
    let store = try TensorStore(path: input)
    let names = try map.map { path throws(DSXError) in try newNames(path, store) } ?? [:]
    var tensors: [OutputTensor] = []
    for name in store.names {
      guard let entry = store.entry(name), let file = store.file(of: name) else { continue }
      guard let newName = names[name] ?? name else { continue }
      tensors.append(try OutputTensor(entry, of: file, name: newName, as: dtype?.element))
    }
    guard !tensors.isEmpty else {
      throw DSXError(.nothingToDo, "there are no tensors to write", file: input)
    }
    try WeightWriter.write(
      tensors, metadata: try texts(of: store), as: format, to: output, overwrite: overwrite)
    let bytes = FilePath.size(output) ?? 0
    Output.line("\(output): \(format.rawValue), \(tensors.count) tensors, \(bytes) bytes")
  }

  /// New names by old ones; nil for what is left out.
  private func newNames(_ path: String, _ store: TensorStore) throws(DSXError)
    -> [String: String?]
  {
    guard let members = try JSONParser.parse(file: path).object else {
      throw DSXError(.malformed, "the map of names must be a JSON object", file: path)
    }
    var names: [String: String?] = [:]
    for member in members {
      guard store.entry(member.name) != nil else {
        let near = NearestName.find(member.name, in: store.names)
        throw DSXError(
          .unknownName, "the map names '\(member.name)', which the weights do not have",
          file: path, hint: near.map { "did you mean '\($0)'?" })
      }
      switch member.value {
      case .string(let name) where !name.isEmpty: names.updateValue(name, forKey: member.name)
      case .null: names.updateValue(nil, forKey: member.name)
      default:
        throw DSXError(
          .malformed, "'\(member.name)' is mapped to \(member.value.text()), which is no name",
          file: path)
      }
    }
    return names
  }

  /// The texts that safetensors files came with. Other formats' facts describe the file they are in.
  private func texts(of store: TensorStore) throws(DSXError) -> [(name: String, value: String)] {
    var texts: [String: String] = [:]
    for file in store.files where file.format == .safetensors {
      for member in file.metadata {
        guard let text = member.value.string else { continue }
        if let other = texts.updateValue(text, forKey: member.name), other != text {
          throw DSXError(
            .corrupt, "the shards disagree on '\(member.name)' in their __metadata__",
            file: file.file.path)
        }
      }
    }
    return texts.map { ($0.key, $0.value) }
  }
}
