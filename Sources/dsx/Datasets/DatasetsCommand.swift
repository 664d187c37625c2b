internal import ArgumentParser

/// `dsx datasets`: the catalog, and what is in its sets.
struct DatasetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets",
    abstract: "List, show, check, convert and add data sets.",
    discussion: """
      NAME is a name of the catalog ('dsx datasets list'), namespace/name, or the path of \
      a folder or file: CSV, TSV, JSON, JSON lines, text, images in folders, zip archives \
      of these, and MindRecord files.

      Examples:
        dsx datasets list
        dsx datasets head ddtp_zh --split train --rows 3
        dsx datasets head rows.csv --columns id,text --format json
        dsx datasets convert digits --split train --output digits_records
      """,
    subcommands: [
      DatasetsList.self, DatasetsShow.self, DatasetsHead.self, DatasetsStats.self,
      DatasetsConvert.self, DatasetsConvertPlan.self, DatasetsConvertRun.self,
      DatasetsConvertMerge.self,
      DatasetsValidate.self, DatasetsAdd.self, DatasetsRemove.self, DatasetsCache.self,
    ])
}

/// The layouts that most `datasets` commands print.
enum DatasetsFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
