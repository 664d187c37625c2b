internal import ArgumentParser
internal import DSXCore
internal import Evaluation
internal import Models

/// Which models on which data sets.
struct EvalChoice: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A model folder, a GGUF file, or a name in models/; may be given often.",
      valueName: "dir|name"))
  var model: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Score these predictions instead of a model's: JSON lines with prediction and id.",
      valueName: "file"))
  var predictions: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A name of the catalog, namespace/name, a folder, a table or a record file; may be given often. "
        + "Default: what the model's configuration.json names.",
      valueName: "name|folder|file"))
  var dataset: [String] = []
  @Option(
    help: ArgumentHelp(
      "The task; default: the data set's own. With a folder also its layout.",
      valueName: "name|task.yaml"))
  var task: String?
  @Option(help: "The subset of the data set.")
  var subset: String?
  @Option(help: "The split of the data set. Default: validation, or a file's only one.")
  var split: String?
  @Option(help: "The version of the data set: latest, or a name. Default: latest.")
  var version: String?
  @Option(help: ArgumentHelp("The task's variant: an original recipe.", valueName: "name"))
  var compat: String?
  @Option(help: ArgumentHelp("Open the model for this task of ModelScope.", valueName: "task"))
  var modelTask: String?
  @Option(help: ArgumentHelp("The encoder of a folder that holds only a head.", valueName: "dir"))
  var backbone: String?

  /// Every model on every data set.
  func cells(_ settings: EvalSettings, _ process: EvalProcess, _ homes: Homes) throws(DSXError)
    -> [EvaluationCell]
  {
    guard !model.isEmpty || !predictions.isEmpty else {
      throw DSXError(
        .usage, "neither --model nor --predictions is given",
        hint: "dsx eval --model models/nanogpt_zh --dataset ddtp_zh")
    }
    guard model.isEmpty || predictions.isEmpty else {
      throw DSXError(.usage, "--model and --predictions exclude each other")
    }
    let options = try settings.options(process)
    var cells: [EvaluationCell] = []
    for path in predictions {
      guard !dataset.isEmpty else {
        throw DSXError(.usage, "--predictions needs --dataset: the right answers are there")
      }
      for name in dataset {
        cells.append(cell(predictions: path, dataset: name, options))
      }
    }
    for name in model {
      guard dataset.isEmpty else {
        for set in dataset { cells.append(cell(model: name, dataset: set, options)) }
        continue
      }
      let base = cell(model: name, dataset: "", options)
      cells.append(try base.completed(homes: homes))
    }
    return cells
  }

  private func cell(
    model: String? = nil, predictions: String? = nil, dataset: String, _ options: EvaluationOptions
  ) -> EvaluationCell {
    EvaluationCell(
      model: model, predictions: predictions, dataset: dataset, task: task, subset: subset,
      split: split, version: version, compat: compat, modelTask: modelTask, backbone: backbone,
      options: options)
  }
}
