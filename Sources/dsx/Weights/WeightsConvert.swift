internal import ArgumentParser
internal import DSXCore
internal import Models

/// `dsx weights convert IN OUT`
struct WeightsConvert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write weights of any format as safetensors, .ckpt or .npz.",
    discussion: """
      The end of OUT's name chooses the format. Values are not changed unless --dtype asks for it; \
      then floats are rounded to nearest, ties to even, and a number that would become infinite is an \
      error. Integers stay as they are. Quantised GGUF tensors need --dtype.

      --map names a JSON object from old names to new ones; null leaves a tensor out, what is not \
      named keeps its name. The same weights give the same bytes, whatever format they came from.

      --names FROM:TO gives tensors the names and layouts of another library: hf (transformers), \
      mindformers, gguf (only from it). --architecture says of which model; mostly the names do.

      Examples:
        dsx weights convert pytorch_model.bin model.safetensors
        dsx weights convert model.gguf model.safetensors --dtype f16
        dsx weights convert model.safetensors model.ckpt --map names.json
        dsx weights convert model.safetensors model.ckpt --names hf:mindformers
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
  @Option(help: "Names and layouts of another library: hf:mindformers, mindformers:hf, gguf:hf.")
  var names: NamePair?
  @Option(help: "With --names: gpt2, llama, bert or pangu. Default: what the names fit.")
  var architecture: String?
  @Option(help: "With --names, tensors that no rule names: error, keep or drop.")
  var unknown: NameTranslation.Unknown = .error
  @Flag(help: "Replace the output if it is there.") var overwrite = false

  func validate() throws {
    guard names != nil || architecture == nil else {
      throw ValidationError("--architecture needs --names")
    }
  }

  func run() throws {
    guard let format = WeightWriter.format(ofName: output) else {
      throw Self.unknownFormat(output)
    }
    let store = try TensorStore(path: input)
    let target = FilePath.identity(output)
    guard
      target == nil || !store.files.contains(where: { FilePath.identity($0.file.path) == target })
    else {
      throw DSXError(
        .usage, "the output is the input itself", file: output,
        hint: "write a new file, compare it with dsx weights diff, then remove the old one")
    }
    let renamed = try map.map { path throws(DSXError) in try newNames(path, store) } ?? [:]
    var recipes = store.recipes.compactMap { name, recipe in
      (renamed[name] ?? name).map { (name: $0, recipe: recipe) }
    }
    if let names {
      let translation = try NameTranslation(
        from: names.from, to: names.to, architecture: architecture, names: recipes.map(\.name))
      recipes = try translation.apply(recipes, unknown: unknown, heads: heads(of: store))
    }
    var tensors: [OutputTensor] = []
    for (name, recipe) in recipes {
      tensors.append(try OutputTensor(recipe, name: name, as: dtype?.element))
    }
    guard !tensors.isEmpty else {
      throw DSXError(.nothingToDo, "there are no tensors to write", file: input)
    }
    try WeightWriter.write(
      tensors, metadata: try texts(of: store), as: format, to: output, overwrite: overwrite)
    let bytes = FilePath.size(output) ?? 0
    Output.line("\(output): \(format.rawValue), \(tensors.count) tensors, \(bytes) bytes")
  }

  static func unknownFormat(_ output: String) -> DSXError {
    DSXError(
      .usage, "the name of the output does not say its format", file: output,
      hint: "end it in " + WeightWriter.formats.map { "." + $0.rawValue }.joined(separator: ", "))
  }

  /// The numbers of heads that a GGUF file states.
  private func heads(of store: TensorStore) throws(DSXError) -> (queries: Int, keys: Int)? {
    guard let metadata = store.files.first?.gguf,
      let name = try metadata.string("general.architecture"),
      let queries = try metadata.int(name + ".attention.head_count")
    else { return nil }
    return (queries, try metadata.int(name + ".attention.head_count_kv") ?? queries)
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

  /// The texts that safetensors files came with, but MindSpore's checksum, which is of one file. Other
  /// formats' facts describe the file they are in.
  private func texts(of store: TensorStore) throws(DSXError) -> [(name: String, value: String)] {
    var texts: [String: String] = [:]
    for file in store.files where file.format == .safetensors {
      for member in file.metadata where member.name != SafetensorsChecksum.name {
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

/// Two conventions of names: `hf:mindformers`.
struct NamePair: ExpressibleByArgument {
  let from: NameConvention
  let to: NameConvention

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let from = NameConvention(rawValue: parts[0]),
      let to = NameConvention(rawValue: parts[1])
    else { return nil }
    (self.from, self.to) = (from, to)
  }
}
