internal import ArgumentParser
internal import DSXCore
internal import Datasets

/// `dsx datasets validate NAME`
struct DatasetsValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Read everything strictly and report each fault with its file and line.",
    discussion: """
      All subsets and splits, or those chosen. Tables are read row by row, images decoded, \
      files that cells name looked for. Of each split the first ten faults are listed and \
      all are counted. Exit code 3 when there is any.

      Examples:
        dsx datasets validate ddtp_zh
        dsx datasets validate ./my_folder --format json
      """)

  @OptionGroup var choice: DatasetChoice
  @OptionGroup var table: DatasetTableOptions
  @Option(help: "How it is printed: text or json.") var format: DatasetsFormat = .text

  func run() throws {
    let homes = Homes.current()
    let found = try MsDataset.find(
      choice.name, split: choice.split, version: choice.version, namespace: choice.namespace,
      homes: homes)
    let wanted = choice.subset ?? found.subset
    var checks: [DatasetCheck.Result] = []
    for subset in found.entry.layout.subsets where wanted == nil || subset.name == wanted {
      for split in subset.splits where choice.split == nil || split.name == choice.split {
        checks.append(try check(found.entry, subset.name, split.name))
      }
      if subset.splits.isEmpty, choice.split == nil {
        checks.append(
          .init(
            subset: subset.name, split: "",
            faults: [
              DSXError(
                .malformed, "the subset has no split with data", file: found.entry.layout.path)
            ]))
      }
    }
    if checks.isEmpty {
      _ = try found.entry.splits(of: wanted, only: choice.split, takesDefault: true)
    }
    let faults = checks.reduce(0) { $0 + $1.count }
    if format == .json {
      let json: JSONValue = [
        "faults": .int(Int64(faults)), "splits": .array(checks.map(\.json)),
      ]
      Output.line(json.text(.indented))
    } else {
      for check in checks {
        Output.line(check.text)
        for fault in check.faults { Output.line("  " + fault.description) }
        if check.count > check.faults.count {
          Output.line("  and \(check.count - check.faults.count) more")
        }
      }
    }
    guard faults > 0 else { return }
    throw DSXError(
      .malformed, "\(faults) fault\(faults == 1 ? " was" : "s were") found", file: choice.name)
  }

  private func check(_ entry: CatalogEntry, _ subset: String, _ split: String) throws
    -> DatasetCheck.Result
  {
    let dataset: MsDataset
    do throws(DSXError) { dataset = try entry.splits(of: subset, only: split)[0] } catch {
      return .init(subset: subset, split: split, faults: [error])
    }
    var options = try table.options(for: dataset) ?? dataset.options
    options.namesOptions = false
    return DatasetCheck.run(dataset, options: options)
  }
}
