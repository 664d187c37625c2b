internal import DSXCore

/// A continuation of a text.
struct GenerationStep: PipelineStep {
  private let loaded: LoadedModel

  /// Throws `usage` for generation options that the model cannot follow.
  init(_ loaded: LoadedModel, _ options: PipelineOptions) throws(DSXError) {
    self.loaded = loaded
    _ = try generator(options)
  }

  func fields(_ defaults: EvaluationDefaults) -> [PipelineField] {
    [
      PipelineField(
        "text", .text,
        columns: TextFields.columns(
          defaults.firstSequence, ["prompt"] + TextFields.first.filter { $0 != "prompt" }))
    ]
  }

  func preprocess(_ input: PipelineInput) throws(DSXError) -> String {
    guard case .text(let text) = input else { throw DSXError.wrongInput(input, "a text") }
    return text
  }

  func refusals(_ batch: [String], _ options: PipelineOptions) -> [DSXError?] {
    batch.map { prompt in
      do throws(DSXError) {
        _ = try generator(options).ids(of: prompt)
        return nil
      } catch { return error }
    }
  }

  func forward(_ batch: [String], _ options: PipelineOptions) throws(DSXError)
    -> [GenerationResult]
  {
    var results: [GenerationResult] = []
    for result in try generator(options).generate(batch) { results.append(try result.get()) }
    return results
  }

  func postprocess(_ output: GenerationResult, of input: String, _ options: PipelineOptions)
    -> JSONValue
  {
    .object([.init("text", .string(output.text))])
  }

  /// A session of its own for each batch: nothing of one batch is left for the next.
  private func generator(_ options: PipelineOptions) throws(DSXError) -> TextGenerator {
    try TextGenerator(
      loaded, options: options.generation,
      rules: PromptRules(longInput: options.onLong, addsBOS: options.addsBOS),
      compute: options.compute, batchSize: options.batchSize)
  }
}
