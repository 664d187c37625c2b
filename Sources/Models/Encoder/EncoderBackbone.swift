internal import DSXCore
internal import Kernels

/// An encoder without a head: embeddings, layers. Immutable and shared between threads.
///
/// Sources: transformers' `BertModel`, `RobertaModel` and `AlbertModel` (5.23.0), whose outputs it gives
/// to float32 rounding.
final class EncoderBackbone: @unchecked Sendable {
  let configuration: EncoderConfiguration
  let names: EncoderNames
  private let transformer: Transformer
  private let firstRows: FirstRowPass?
  private let words: UnsafePointer<Float>
  private let positions: UnsafePointer<Float>
  private let types: UnsafePointer<Float>
  private let embeddingNorm: NormWeights
  /// From the embeddings' width to the layers'.
  private let mapping: Linear?
  /// Keeps the memory of all pointers.
  private let memory: WeightMemory
  private let workspaces = WorkspacePool()

  init(_ configuration: EncoderConfiguration, _ loader: inout WeightLoader) throws(DSXError) {
    self.configuration = configuration
    names = EncoderNames(
      prefix: try Self.prefix(configuration.family, loader.store), family: configuration.family)
    let (width, embedding) = (configuration.width, configuration.embeddingWidth)
    words = try loader.tensor(names.words, [configuration.vocabulary, embedding])
    positions = try loader.tensor(names.positions, [configuration.positions, embedding])
    types = try loader.tensor(names.types, [configuration.types, embedding])
    embeddingNorm = try loader.bertNorm(names.embeddingNorm, embedding)
    mapping =
      configuration.family == .albert
      ? try loader.linear(names.mapping, inputs: embedding, outputs: width) : nil
    var layers: [TransformerLayer] = []
    for index in 0..<configuration.groups * configuration.layersPerGroup {
      let names = names.layer(index, layersPerGroup: configuration.layersPerGroup)
      layers.append(try Self.layer(names, configuration, &loader))
    }
    transformer = Transformer(
      configuration.transformer, layers: configuration.applied.map { layers[$0] }, finalNorm: nil)
    firstRows = FirstRowPass(transformer)
    memory = loader.memory
    BLAS.useOneThread()
  }

  private static func layer(
    _ names: EncoderLayerNames, _ configuration: EncoderConfiguration,
    _ loader: inout WeightLoader
  ) throws(DSXError) -> TransformerLayer {
    let (width, inner) = (configuration.width, configuration.inner)
    return TransformerLayer(
      attentionNorm: try loader.bertNorm(names.attentionNorm, width),
      projections: .separate(
        query: try loader.linear(names.query, inputs: width, outputs: width),
        key: try loader.linear(names.key, inputs: width, outputs: width),
        value: try loader.linear(names.value, inputs: width, outputs: width)),
      output: try loader.linear(names.projection, inputs: width, outputs: width),
      feedForwardNorm: try loader.bertNorm(names.outputNorm, width),
      up: try loader.linear(names.up, inputs: width, outputs: inner),
      down: try loader.linear(names.down, inputs: inner, outputs: width),
      attentionScale: 1 / Float(configuration.headWidth).squareRoot())
  }

  /// What stands before the names of the encoder: `bert.`, nothing, or what another library put there.
  private static func prefix(_ family: EncoderFamily, _ store: TensorStore) throws(DSXError)
    -> String
  {
    let bare = EncoderNames(prefix: "", family: family).words
    let found = store.names.filter { $0 == bare || $0.hasSuffix("." + bare) }
    guard found.count < 2 else {
      throw DSXError(
        .corrupt, "the weights hold two encoders: " + found.joined(separator: ", "),
        file: store.files.first?.file.path)
    }
    guard let name = found.first else { return EncoderNames.prefix(family) }
    return String(name.dropLast(bare.utf8.count))
  }

  /// A head's numbers for each sequence, in order.
  ///
  /// Sequences are computed in groups that depend on their lengths alone, never on the number of
  /// workers. Throws `usage` for a sequence that the model cannot take and for too small a memory limit,
  /// `corrupt` for numbers that are not finite.
  func run(_ sequences: [EncoderSequence], _ head: some EncoderHead, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  {
    try check(sequences)
    let groups = try EncoderGroups(
      lengths: sequences.map(\.ids.count), configuration.transformer, options)
    let results = Lock([[Float]](repeating: [], count: sequences.count))
    FanOut.run(count: groups.list.count, workers: groups.workers) { source in
      self.workspaces.with { workspace in
        while let number = source.take() {
          let range = groups.list[number]
          let output = self.compute(sequences[range], head, workspace)
          results.withLock { results in
            for (place, values) in zip(range, output) { results[place] = values }
          }
        }
      }
    }
    let all = results.withLock { $0 }
    for (index, values) in all.enumerated() where !values.allSatisfy(\.isFinite) {
      throw memory.notFinite("the answer to input \(index)")
    }
    return all
  }

  private func check(_ sequences: [EncoderSequence]) throws(DSXError) {
    for (index, sequence) in sequences.enumerated() {
      guard (1...configuration.context).contains(sequence.ids.count),
        sequence.types.count == sequence.ids.count
      else {
        throw DSXError(
          .usage,
          "input \(index) has \(sequence.ids.count) tokens; this model takes 1 to "
            + "\(configuration.context)")
      }
      for id in sequence.ids where id < 0 || Int(id) >= configuration.vocabulary {
        throw DSXError(
          .usage,
          "id \(id) of input \(index) is outside the model's vocabulary of "
            + "\(configuration.vocabulary)", hint: "the tokenizer does not belong to this model")
      }
      guard configuration.family != .roberta else { continue }
      for type in sequence.types where type < 0 || Int(type) >= configuration.types {
        throw DSXError(
          .usage,
          "token type \(type) of input \(index) is outside the model's \(configuration.types)",
          hint: "the tokenizer does not belong to this model")
      }
    }
  }

  /// One group on the calling thread.
  private func compute(
    _ sequences: ArraySlice<EncoderSequence>, _ head: some EncoderHead,
    _ workspace: TransformerWorkspace
  ) -> [[Float]] {
    let plan = RowPlan(lengths: sequences.map(\.ids.count), isCausal: false)
    workspace.reserve(transformer.configuration, plan)
    embed(sequences, plan.rows, workspace)
    var starts = [0]
    for sequence in sequences { starts.append((starts.last ?? 0) + sequence.ids.count) }
    if head.reads == .firstRows, let firstRows,
      firstRows.run(plan, starts: starts, workspace)
    {
      starts = Array(0...sequences.count)
    } else {
      TransformerPass(transformer, workspace).run(plan)
    }
    return head.apply(
      HiddenRows(
        rows: workspace.stream.floats, width: configuration.width, starts: starts))
  }

  /// Word, type and position vectors, summed in this order and normed; ALBERT's go through its matrix.
  private func embed(
    _ sequences: ArraySlice<EncoderSequence>, _ rows: Int, _ workspace: TransformerWorkspace
  ) {
    let width = configuration.embeddingWidth
    if mapping != nil { workspace.reserveTile(rows * width) }
    let target = mapping == nil ? workspace.stream.floats : workspace.tile.floats
    let usesTypes = configuration.family != .roberta
    var row = 0
    for sequence in sequences {
      var position = configuration.firstPosition
      for (id, type) in zip(sequence.ids, sequence.types) {
        var place = position
        if configuration.family == .roberta, Int(id) == configuration.paddingID {
          // A padding token inside a text has the padding's position and is not counted.
          place = configuration.paddingID
        } else {
          position += 1
        }
        let word = words + Int(id) * width
        let kind = types + (usesTypes ? Int(type) : 0) * width
        let order = positions + place * width
        let out = target + row * width
        for column in 0..<width { out[column] = (word[column] + kind[column]) + order[column] }
        row += 1
      }
    }
    if let bias = embeddingNorm.bias {
      dsx_layernorm(
        target, embeddingNorm.weight, bias, configuration.epsilon, target, rows, width)
    }
    guard let mapping else { return }
    let stream = workspace.stream.floats
    mapping.multiply(
      LinearInput(rows: rows, floats: target, step: width), columns: 0..<mapping.outputs,
      into: stream, step: configuration.width)
    if let bias = mapping.bias { dsx_add_rows(stream, bias, rows, configuration.width) }
  }
}

extension EncoderConfiguration {
  /// What the layers have in common.
  var transformer: TransformerConfiguration {
    TransformerConfiguration(
      width: width, heads: heads, keyValueHeads: heads, headWidth: headWidth, inner: inner,
      context: context, norm: .layer, normPlace: .after, epsilon: epsilon, isCausal: false,
      activation: activation)
  }
}
