internal import ArgumentParser
internal import DSXCore

/// `dsx doctor`: whether this machine and folder are fit for the work.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check this machine, a folder and the set-up: what works, what does not, what to do.",
    discussion: """
      Examples:
        dsx doctor
        dsx doctor /scratch/reports --format json

      Looks at the libraries, the processor and its BLAS kernels, cores and limits, memory and \
      disk, writes, flushes, renames and locks in the folder, asks Slurm where it is installed, \
      and reads what dsx ships and finds. Each line is ok, warn or fail. The exit code is 6 when \
      something that dsx needs fails, else 0.
      """)

  @Argument(help: "The folder that dsx shall write to.") var folder = "."
  @Option(help: "How the findings are printed: text or json.") var format = PlainFormat.text

  func run() throws {
    let homes = Homes.current()
    var findings: [DoctorFinding] = []
    findings += DoctorLibraries.findings()
    findings += DoctorProcessor.findings()
    findings += DoctorLimits.findings()
    findings += DoctorFolder(folder).findings()
    findings += DoctorSlurm.findings()
    findings += DoctorResources(homes, folder).findings()
    findings += DoctorSettings.findings(homes)
    show(findings)
    let failed = findings.filter { $0.status == .fail }
    guard let first = failed.first else { return }
    let others = failed.count > 1 ? ", and \(failed.count - 1) more" : ""
    throw DSXError(
      .io, "\(first.name): \(first.text)\(others)", hint: first.hint)
  }

  private func show(_ findings: [DoctorFinding]) {
    func count(_ status: DoctorFinding.Status) -> Int {
      findings.count { $0.status == status }
    }
    if format == .json {
      let value: JSONValue = [
        "dsx-doctor": 1, "version": .string(Version.current),
        "ok": .int(Int64(count(.ok))), "warn": .int(Int64(count(.warn))),
        "fail": .int(Int64(count(.fail))), "findings": .array(findings.map(\.json)),
      ]
      return Output.line(value.text(.indented))
    }
    var topic: String?
    for finding in findings {
      if finding.topic != topic {
        Output.line((topic == nil ? "" : "\n") + finding.topic)
        topic = finding.topic
      }
      let mark = finding.status.rawValue
      let pad = String(repeating: " ", count: 6 - mark.utf8.count)
      Output.line("  \(mark)\(pad)\(finding.name): \(finding.text)")
      if let hint = finding.hint { Output.line("        -> \(hint)") }
    }
    Output.line(
      "\n\(count(.ok)) ok, \(count(.warn)) to look at, \(count(.fail)) that fail")
  }
}
