internal import ArgumentParser
internal import DSXCore
internal import Datasets

/// Which data set, or which part of one: what the `datasets` commands share.
struct DatasetChoice: ParsableArguments {
  @Argument(help: "A name of the catalog, namespace/name, or a folder or file.") var name: String
  @Option(help: "The subset (default: the only one, or 'default').") var subset: String?
  @Option(help: "The split: train, validation, test, ...") var split: String?
  @Option(help: "The version: a branch or tag, or 'latest' (default: master).") var version: String?
  @Option(help: "The namespace of the name (default: modelscope).") var namespace: String?

  /// All splits that are asked for, of the one subset that is meant.
  func splits(_ homes: Homes) throws(DSXError) -> [MsDataset] {
    let found = try MsDataset.find(
      name, split: split, version: version, namespace: namespace, homes: homes)
    return try found.entry.splits(
      of: subset ?? found.subset, only: split, takesDefault: true)
  }

  /// The one split that is asked for; of several the first, which a message names.
  func split(_ homes: Homes) throws(DSXError) -> MsDataset {
    let all = try splits(homes)
    guard let first = all.first else {
      throw DSXError(.nothingToDo, "the data set has no split", file: name)
    }
    if all.count > 1 {
      let known = all.map(\.split).joined(separator: ", ")
      Output.message("dsx: the split '\(first.split)' was taken; --split chooses of \(known)")
    }
    return first
  }
}

/// How tables are read, where that is not as the file's extension says.
struct DatasetTableOptions: ParsableArguments {
  @Option(help: "The character between the fields of CSV; 'tab' for a tab (default: by extension).")
  var delimiter: String?
  @Option(help: "The character around fields of CSV; 'none' when there is none (default: \").")
  var quote: String?
  @Flag(help: "CSV without a header: the columns are column_0, column_1, ...") var noHeader = false
  @Option(help: "CSV without a header: the names of the columns, separated by commas.")
  var columnNames: NameList?
  @Option(help: "auto, utf-8, utf-16, utf-16le, utf-16be or gb18030 (default: auto).")
  var encoding: String?
  @Option(help: "Cells of CSV that mean a missing number, separated by commas, e.g. NA,null.")
  var nulls: NameList?
  @Flag(help: "Take stray quotes of CSV as text.") var lenient = false

  /// The options about CSV that were given.
  private var aboutCSV: [String] {
    [
      ("--delimiter", delimiter != nil), ("--quote", quote != nil), ("--no-header", noHeader),
      ("--column-names", columnNames != nil), ("--nulls", nulls != nil), ("--lenient", lenient),
    ].filter(\.1).map(\.0)
  }

  /// What was asked for must mean something for the split's files.
  private func check(_ dataset: MsDataset) throws(DSXError) {
    var files: [String] = []
    switch dataset.content {
    case .tables(let tables): files = tables.map(\.location)
    case .custom: return
    case .images, .records, .values:
      throw DSXError(
        .usage, "\(aboutCSV.first ?? "--encoding") is about tables; this split has none",
        file: dataset.table, hint: "leave it out")
    }
    guard let option = aboutCSV.first else { return }
    for file in files {
      let format = dataset.options.format ?? TableFormat(path: file)
      guard let format, format != .csv, format != .tsv else { continue }
      throw DSXError(
        .usage, "\(option) is about CSV; this table is read as \(format.rawValue)", file: file,
        hint: "leave it out")
    }
  }

  /// The options of a split with what was said here; nil when nothing was.
  func options(for dataset: MsDataset) throws -> TableOptions? {
    guard !aboutCSV.isEmpty || encoding != nil else { return nil }
    try check(dataset)
    var options = dataset.options
    if let delimiter {
      options.delimiter = try Self.byte(delimiter, "--delimiter", words: ["tab": 0x09])
    }
    if let quote {
      options.quote =
        quote == "none" ? nil : try Self.byte(quote, "--quote", words: [:])
    }
    if noHeader { options.header = .none }
    if let columnNames { options.header = .names(columnNames.names) }
    if let encoding {
      guard let known = TextEncoding(name: encoding) else {
        throw DSXError.unknown(
          "encoding", encoding, known: TextEncoding.allCases.map(\.rawValue))
      }
      options.encoding = known
    }
    if let nulls { options.nullTexts = nulls.names }
    options.isLenient = lenient
    return options
  }

  private static func byte(_ text: String, _ option: String, words: [String: UInt8]) throws
    -> UInt8
  {
    if let word = words[text] { return word }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80 else {
      throw ValidationError("\(option) takes one ASCII character")
    }
    return byte
  }
}
