internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records repair PATH`
struct RecordsRepair: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Rebuild lost or wrong indexes; save the rows of a writer that was killed.",
    discussion: """
      PATH is a data file of a set, or the output that a killed writer was given. Indexes are built \
      from the pages; a killed writer's rows are saved up to its last checkpoint. Pages are never \
      changed, and every new file is written aside and moved into place whole. \
      Exit code 0 when the set is whole afterwards, 3 when something stays wrong, 5 when a killed \
      writer left nothing that can be saved.

      Example:
        dsx records repair --dry-run prepared.mindrecord
        dsx records repair prepared.mindrecord
      """)

  @Argument(help: "A data file of the set, or the output of a killed writer.") var path: String
  @Flag(help: "Only say what would be done.") var dryRun = false
  @Option(help: "Output format: text or json.") var format: RecordsFormat = .text

  func run() throws {
    let outcome = try RecordRepair.run(path: path, dryRun: dryRun)
    let errors = outcome.remaining.count { $0.severity == .error }
    if format == .json {
      let actions = outcome.actions.map(\.json)
      let findings = RecordFinding.json(outcome.remaining, file: path)["findings"] ?? []
      let report: JSONValue = [
        "file": .string(path), "dry_run": .bool(dryRun), "actions": .array(actions),
        "whole": .bool(errors == 0), "remaining": findings,
      ]
      Output.line(report.text(.indented))
    } else {
      for action in outcome.actions { Output.line(action.text(isPlanned: dryRun)) }
      for finding in outcome.remaining { Output.line(finding.text) }
      if outcome.actions.isEmpty, errors == 0 { Output.line("\(path): nothing to repair") }
    }
    guard errors == 0 else {
      throw DSXError(
        .corrupt,
        errors == 1 ? "1 error cannot be repaired" : "\(errors) errors cannot be repaired",
        file: path,
        hint:
          "restore damaged files from a copy; a single file that was only moved gets another name with "
          + "'dsx records rename'")
    }
  }
}
