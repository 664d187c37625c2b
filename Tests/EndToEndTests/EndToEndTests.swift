import DSXCore
import Foundation
import Testing

/// Runs the `dsx` binary from outside: every file of Tests/Cases is one case. `DSX=PROGRAM` names another
/// binary than the one that was built with the tests.
@Suite struct EndToEndTests {
  static let package = FilePath.split(FilePath.split(FilePath.split(#filePath).folder).folder)
    .folder
  static let cases: [String] =
    (try? FilePath.list(package + "/Tests/Cases").filter { $0.hasSuffix(".case") }) ?? []

  @Test func thereAreCases() { #expect(!Self.cases.isEmpty) }

  @Test(arguments: cases) func run(_ name: String) throws {
    let file = try CaseFile(path: Self.package + "/Tests/Cases/" + name)
    #expect(!file.steps.isEmpty, "\(name) runs nothing")
    let folder = FileManager.default.temporaryDirectory.path + "/dsx-case-\(UUID().uuidString)"
    try FilePath.makeFolder(folder)
    defer { try? FilePath.removeTree(folder) }
    for step in file.steps {
      let result = try Self.shell(step.command, in: folder)
      let place = "\(name):\(step.line): \(step.command)\n\(result.stdout)\(result.stderr)"
      #expect(result.exitCode == step.exitCode, "\(place)")
      if !step.stdout.isEmpty {
        let lines = result.stdout.components(separatedBy: "\n").filter { !$0.isEmpty }
        #expect(lines == step.stdout, "\(place)")
      }
      for text in step.stdoutContains { #expect(result.stdout.contains(text), "\(place)") }
      for text in step.stderrContains { #expect(result.stderr.contains(text), "\(place)") }
      for text in step.absent {
        #expect(!result.stdout.contains(text) && !result.stderr.contains(text), "\(place)")
      }
    }
  }

  /// Runs one command line with the binary on PATH.
  static func shell(_ command: String, in folder: String) throws -> (
    exitCode: Int32, stdout: String, stderr: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    let binaries =
      environment["DSX"].map { FilePath.split($0).folder } ?? Homes.current().binaryFolder
    environment["PATH"] = binaries + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    environment["PROJECT"] = package
    environment["DSX_GOLDEN"] = nil
    // A case never sees what another case, or yesterday's run, left in a cache.
    environment["XDG_CACHE_HOME"] = folder + "/.cache"
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    // Files rather than pipes: nothing can block, however much is printed.
    let out = folder + "/.stdout"
    let err = folder + "/.stderr"
    for path in [out, err] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    try process.run()
    process.waitUntilExit()
    defer {
      try? FilePath.removeTree(out)
      try? FilePath.removeTree(err)
    }
    return (
      process.terminationStatus, try String(contentsOfFile: out, encoding: .utf8),
      try String(contentsOfFile: err, encoding: .utf8)
    )
  }
}
