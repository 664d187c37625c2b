public import Archives
public import DSXCore

/// How inputs become documents and documents become text. Names and defaults are those of the command
/// line.
public struct DocumentOptions: Hashable, Sendable {
  /// `--input-format`; nil: the files' names tell.
  public var inputFormat: InputFormatChoice?
  /// `--documents`; nil: by the content, see `InputFormat.Content.rule`.
  public var rule: DocumentRule?
  /// `--text-field`: the member of a JSON object, or a path of members `a.b`.
  public var textField = "text"
  /// `--text-column`: the column of a CSV file.
  public var textColumn = "text"
  /// `--delimiter`: the byte between the fields of a CSV file; nil: a comma, in `.tsv` a tab.
  public var delimiter: UInt8?
  /// `--on-bad-row`.
  public var badRow = BadRowPolicy.error
  /// `--clean`: the rules, in the order given.
  public var cleaning = CleaningChain()
  /// What archives and compressed files may unpack to; `--trust-archive` changes it.
  public var limits = ArchiveLimits()

  /// The defaults.
  public init() {}

  /// For the plan: everything here that decides the documents.
  public var json: JSONValue {
    [
      "input_format": inputFormat.map { .string($0.name) } ?? .null,
      "documents": rule.map { .string($0.rawValue) } ?? .null, "text_field": .string(textField),
      "text_column": .string(textColumn),
      "delimiter": delimiter.map { .int(Int64($0)) } ?? .null,
      "on_bad_row": .string(badRow.rawValue),
      "clean": .array(cleaning.rules.map { .string($0.rawValue) }),
    ]
  }

  /// The format of a file and the rule that cuts it. In an archive whose members' names tell the
  /// content, the rule is nil where none was asked for.
  func format(of path: String) -> (format: InputFormat, rule: DocumentRule?) {
    let format = InputFormat(path: path, choice: inputFormat)
    return (format, rule ?? format.content?.rule)
  }

  /// Throws `usage` for options that cannot be kept, alone or with these files.
  public func check(_ files: [InputFile] = []) throws(DSXError) {
    func require(_ holds: Bool, _ message: String, _ hint: String? = nil) throws(DSXError) {
      guard holds else { throw DSXError(.usage, message, hint: hint) }
    }
    try require(!textField.isEmpty, "--text-field is empty")
    try require(!textColumn.isEmpty, "--text-column is empty")
    if let delimiter {
      let isFit = delimiter < 0x80 && ![0x00, 0x0a, 0x0d, 0x22].contains(delimiter)
      try require(isFit, "--delimiter must be one ASCII character, no quote and no line end")
    }
    if !files.isEmpty { try checkUse(files, require) }
    for file in files {
      let (format, rule) = format(of: file.path)
      guard let rule, let content = format.content, !rule.fits(content) else { continue }
      throw Self.misfit(rule, content, file.path)
    }
  }

  /// Refuses options for a content that no input can have. In archives the members' names tell theirs.
  private func checkUse(
    _ files: [InputFile], _ require: (Bool, String, String?) throws(DSXError) -> Void
  ) throws(DSXError) {
    let contents = Set(files.map { format(of: $0.path).format.content })
    let standard = DocumentOptions()
    func isUsed(_ wanted: [InputFormat.Content]) -> Bool {
      contents.contains(nil) || wanted.contains { contents.contains($0) }
    }
    let hint = "leave it out, or say what the inputs are with --input-format"
    try require(
      textField == standard.textField || isUsed([.jsonLines, .json]),
      "--text-field is for JSON, and no input is", hint)
    try require(
      textColumn == standard.textColumn || isUsed([.csv, .tsv]),
      "--text-column is for CSV, and no input is", hint)
    try require(
      delimiter == nil || isUsed([.csv, .tsv]), "--delimiter is for CSV, and no input is", hint)
  }

  /// The error for a rule that cannot cut a content.
  static func misfit(_ rule: DocumentRule, _ content: InputFormat.Content, _ path: String)
    -> DSXError
  {
    DSXError(
      .usage, "--documents \(rule.rawValue) does not fit \(content.rawValue) input", file: path,
      hint: "leave out --documents, or say what the file is with --input-format")
  }
}
