import DSXCore
import Foundation
import Testing

/// `kill -9` and Ctrl-C at random moments of `dsx eval`: the run goes on, and its files equal those of an
/// undisturbed run. `DSX_KILL_POINTS` sets the number of signals (default 6). Two units of work are enough
/// here, as a debug build is slow; `make faults` ends a release build at every single change of a file.
@Suite struct EvalKillTests {
  static let points =
    ProcessInfo.processInfo.environment["DSX_KILL_POINTS"].flatMap(Int.init) ?? 6

  private func start(_ folder: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Homes.current().binaryFolder + "/dsx")
    process.arguments = [
      "eval", "--no-cache", "--model", EndToEndTests.package + "/models/nanogpt_zh", "--dataset",
      "ddtp_zh", "--compat", "pangu", "--limit", "40", "--output", folder,
    ]
    process.currentDirectoryURL = URL(fileURLWithPath: EndToEndTests.package)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func content(_ folder: String) throws -> [String] {
    let json = try JSONParser.parse(file: folder + "/report.json")
    let report = JSONValue.object((json.object ?? []).filter { $0.name != "runtime" }).text()
    return try [report]
      + ["run.json", "predictions.jsonl", "examples.jsonl", "states.json"].map {
        try String(contentsOfFile: folder + "/" + $0, encoding: .utf8)
      }
  }

  @Test func stoppedEvaluationsGoOn() throws {
    let place = FileManager.default.temporaryDirectory.path + "/dsx-eval-kill-\(UUID().uuidString)"
    try FilePath.makeFolder(place)
    defer { try? FilePath.removeTree(place) }
    let begin = DispatchTime.now().uptimeNanoseconds
    let whole = try start(place + "/whole")
    whole.waitUntilExit()
    #expect(whole.terminationStatus == 0)
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9
    let wanted = try content(place + "/whole")
    var random = PCG64(seed: 5)
    for round in 0..<Self.points {
      let folder = place + "/cut\(round / 3)"
      let process = try start(folder)
      usleep(UInt32((0.2 + 0.7 * random.unit()) * seconds * 1e6))
      kill(process.processIdentifier, round % 2 == 0 ? SIGKILL : SIGINT)
      process.waitUntilExit()
      guard round % 3 == 2 || round == Self.points - 1 else { continue }
      let last = try start(folder)
      last.waitUntilExit()
      #expect(last.terminationStatus == 0)
      #expect(try content(folder) == wanted, "round \(round)")
    }
  }
}
