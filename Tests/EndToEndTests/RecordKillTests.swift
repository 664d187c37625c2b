import DSXCore
import Foundation
import Testing

/// `kill -9` at random moments of a write: what the next runs make of it has the same bytes as an
/// undisturbed run. `DSX_KILL_POINTS` sets the number of kills (default 12).
@Suite struct RecordKillTests {
  static let points =
    ProcessInfo.processInfo.environment["DSX_KILL_POINTS"].flatMap(Int.init) ?? 12
  static let rows = 12_000
  private static let probe = Homes.current().binaryFolder + "/record-probe"

  private func start(_ path: String, _ shards: Int, _ kind: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.probe)
    process.arguments = [path, String(Self.rows), String(shards), kind]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func files(_ folder: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for name in try FilePath.list(folder) where !name.hasSuffix(".db") {
      guard !FilePath.isFolder(folder + "/" + name) else {
        Issue.record("\(name) is left behind")
        continue
      }
      found[name] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
    }
    return found
  }

  @Test func killedWritersGoOn() throws {
    let place = FileManager.default.temporaryDirectory.path + "/dsx-kill-\(UUID().uuidString)"
    try FilePath.makeFolder(place)
    defer { try? FilePath.removeTree(place) }
    let setups = [(1, "plain"), (3, "plain"), (3, "total"), (2, "exact")]
    var wanted: [[String: Data]] = []
    var seconds: [Double] = []
    for (number, setup) in setups.enumerated() {
      let begin = DispatchTime.now().uptimeNanoseconds
      let process = try start(place + "/whole\(number)/x", setup.0, setup.1)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      seconds.append(Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9)
      wanted.append(try files(place + "/whole\(number)"))
    }
    var random = PCG64(seed: 77)
    var kills = 0
    var round = 0
    while kills < Self.points {
      let number = round % setups.count
      let folder = place + "/cut\(round)"
      round += 1
      // Up to four kills, each at a random moment, then a run to the end.
      var left = min(4, Self.points - kills)
      while left > 0 {
        let process = try start(folder + "/x", setups[number].0, setups[number].1)
        usleep(UInt32(random.unit() * seconds[number] * 0.9 * 1e6))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guard process.terminationReason == .uncaughtSignal else { break }
        kills += 1
        left -= 1
      }
      let process = try start(folder + "/x", setups[number].0, setups[number].1)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(setups[number]), round \(round)")
      let found = try files(folder)
      #expect(found.keys.sorted() == wanted[number].keys.sorted())
      #expect(found == wanted[number], "\(setups[number]), round \(round)")
      let check = try EndToEndTests.shell(
        "dsx records verify " + (setups[number].0 == 1 ? "x" : "x0"), in: folder)
      #expect(check.exitCode == 0, "\(check.stdout)")
      try FilePath.removeTree(folder)
    }
  }
}
