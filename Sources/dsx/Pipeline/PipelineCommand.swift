internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Pipelines

/// `dsx pipeline`: rows of a data set through stages.
struct PipelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline",
    abstract: "Explain and run pipelines: rows of a data set through stages.",
    discussion: """
      A recipe is YAML: a source and a list of stages, each with strict arguments.

        source: {dataset: ddtp_zh, split: train}
        pipeline:
          - filter: {where: "label != '5'"}
          - shuffle: {seed: 1, window: 10000}
          - batch: 32

      Stages: docs/pipelines.md. Without a file, --dataset and --stage say the same.

      Examples:
        dsx pipeline explain recipe.yaml
        dsx pipeline run recipe.yaml --limit 10
        dsx pipeline run --dataset ddtp_zh --split train --stage 'take: 3'
      """,
    subcommands: [PipelineExplain.self, PipelineRunCommand.self])
}

/// Which pipeline: a recipe, or a source and stages on the command line.
struct PipelineChoice: ParsableArguments {
  @Argument(help: "A recipe (YAML).") var recipe: String?
  @Option(help: "Instead of a recipe: a data set (name, namespace/name or folder).")
  var dataset: String?
  @Option(help: "Instead of a recipe: a table file.") var file: String?
  @Option(help: "Instead of a recipe: any data file of a record set.") var records: String?
  @Option(help: "The subset of --dataset.") var subset: String?
  @Option(help: "The split of --dataset.") var split: String?
  @Option(help: "The version of --dataset.") var version: String?
  @Option(help: "Rows of a batch that the source gives.") var batchRows: Int?
  @Option(
    name: .customLong("stage"), parsing: .singleValue,
    help: "A stage as in a recipe, e.g. 'shuffle: {seed: 1}'; give it once a stage.")
  var stages: [String] = []

  func validate() throws {
    let sources = [recipe, dataset, file, records].compactMap { $0 }
    guard sources.count == 1 else {
      throw ValidationError("give a recipe, or one of --dataset, --file and --records")
    }
    guard dataset != nil || (subset == nil && split == nil && version == nil) else {
      throw ValidationError("--subset, --split and --version go with --dataset")
    }
    guard recipe == nil || (stages.isEmpty && batchRows == nil) else {
      throw ValidationError("--stage and --batch-rows do not go with a recipe: it says both")
    }
    guard batchRows ?? 1 >= 1 else { throw ValidationError("--batch-rows must be at least 1") }
  }

  /// The pipeline. `output`: where its rows will be written, which must not be what it reads.
  func pipeline(output: String? = nil) throws(DSXError) -> Pipeline {
    let homes = Homes.current()
    let recipe = try described()
    if let output {
      if let path = self.recipe, let identity = FilePath.identity(path),
        FilePath.identity(output) == identity
      {
        throw DSXError(
          .usage, "the output is the recipe", file: output, hint: "choose another --output")
      }
      try recipe.checkOutput(output, homes: homes)
    }
    return try recipe.pipeline(homes: homes)
  }

  /// An error of the run, with the file that it is about where the data has several.
  func located(_ error: DSXError) -> DSXError {
    guard let recipe = try? described() else { return error }
    return recipe.located(error, homes: Homes.current())
  }

  private func described() throws(DSXError) -> PipelineRecipe {
    if let recipe { return try PipelineRecipe(file: recipe) }
    let place: PipelineSource.Place
    if let dataset {
      place = .dataset(dataset, subset: subset, split: split, version: version)
    } else if let file {
      place = .file(file)
    } else {
      place = .records(records ?? "")
    }
    let source = PipelineSource(place, batchRows: batchRows ?? 1024)
    return try PipelineRecipe(source: source, stages: stages)
  }
}

/// The layouts that the `pipeline` commands print.
enum PipelineFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
