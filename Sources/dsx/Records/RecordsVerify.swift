internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records verify FILE`
struct RecordsVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check headers, all pages, all rows, the index against the pages, and the names.",
    discussion: """
      Exit code 0 when the set is whole, 3 when something is wrong. Files of dsx hold checksums of the \
      header, of every page and of the index. Those of MindSpore hold none: a changed value that still \
      decodes is not seen there.

      Example:
        dsx records verify prepared.mindrecord
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(help: "Output format: text or json.") var format: RecordsFormat = .text

  func run() throws {
    var findings = try RecordVerifier.verify(path: file)
    let manifest = RecordsManifest(for: file)
    for path in try manifest?.changedFiles() ?? [] {
      findings.append(
        RecordFinding(
          severity: .error, file: path,
          message: "its SHA-256 is not the one of the manifest: it was changed since dsx wrote it"))
    }
    if format == .json {
      Output.line(RecordFinding.json(findings, file: file).text(.indented))
    } else {
      for finding in findings { Output.line(finding.text) }
      if findings.isEmpty {
        let content =
          try manifest != nil
          ? "every byte as dsx wrote it" : Self.checked(RecordReader(path: file))
        Output.line("\(file): whole (\(content))")
      }
    }
    let errors = findings.count { $0.severity == .error }
    guard errors == 0 else {
      throw DSXError(
        .corrupt, errors == 1 ? "the check found 1 error" : "the check found \(errors) errors",
        file: file)
    }
  }

  /// What the checksums alone say of a set without findings.
  private static func checked(_ reader: RecordReader) -> String {
    guard reader.info.hasChecksums else { return "values not checked: no checksum is stored" }
    guard reader.isBoundTogether else {
      return
        "every checksum matches; without the manifest nothing says that the files are of one set"
    }
    return "every checksum matches"
  }
}
