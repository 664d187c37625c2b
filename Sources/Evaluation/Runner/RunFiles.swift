public import DSXCore
internal import Glibc

/// The folder of one run, and its files.
///
/// | file | what |
/// |---|---|
/// | `run.json` | schema `dsx-run`: identity and everything that decides the numbers; written first |
/// | `predictions.jsonl` | a line an example, in the data's order, appended a unit of work at a time |
/// | `states.json` | the metrics' summed statistics, as `dsx score --save-state` |
/// | `examples.jsonl` | each example's statistics, as `dsx score --per-example` |
/// | `report.json` | the report; written last: with it the run is finished |
///
/// A unit of lines is written by one call. What a killed run left is cut back to whole units, and the
/// run goes on behind them.
public struct RunFiles: Sendable {
  /// What `schema` says in run.json.
  public static let schema = "dsx-run"
  /// What `schema_version` says in run.json.
  public static let schemaVersion = 1
  /// Examples of a unit of work.
  static let unit = 32

  /// What is at the path.
  public enum State: Sendable {
    /// Nothing, or an empty folder.
    case free
    /// This very run, not finished.
    case begun
    /// This very run with its report.
    case finished(JSONValue)
  }

  /// The path of the folder.
  public let path: String

  /// A run folder; nothing is made yet.
  public init(path: String) {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    self.path = String(decoding: bytes, as: UTF8.self)
  }

  /// The path of `run.json`.
  public var run: String { FilePath.join(path, "run.json") }
  /// The path of `predictions.jsonl`.
  public var predictions: String { FilePath.join(path, "predictions.jsonl") }
  /// The path of `states.json`.
  public var states: String { FilePath.join(path, "states.json") }
  /// The path of `examples.jsonl`.
  public var examples: String { FilePath.join(path, "examples.jsonl") }
  /// The path of `report.json`.
  public var report: String { FilePath.join(path, "report.json") }

  /// Looks at what is there. Throws `outputExists` for anything that is not this run's own, unless
  /// `overwrite` is set and it is a run's folder; other folders are never overwritten.
  public func inspect(identity: String, overwrite: Bool) throws(DSXError) -> State {
    guard FilePath.exists(path) else { return .free }
    guard FilePath.isFolder(path) else {
      throw DSXError(
        .outputExists, "the output is a file, not a folder", file: path,
        hint: "choose another --output")
    }
    if try FilePath.list(path).allSatisfy({ $0.hasPrefix(".") }) { return .free }
    let run = FilePath.exists(self.run) ? try? JSONParser.parse(file: self.run) : nil
    guard let run, run["schema"]?.string == Self.schema else {
      throw DSXError(
        .outputExists, "the output folder holds other things than a run", file: path,
        hint: "choose another --output; only a run's folder is replaced by --overwrite")
    }
    if overwrite { return .free }
    guard run["identity"]?.string == identity else {
      throw DSXError(
        .outputExists, "the output folder holds another run", file: path,
        hint: "choose another --output, or replace it with --overwrite")
    }
    guard FilePath.exists(report), FilePath.exists(predictions), FilePath.exists(examples),
      FilePath.exists(states), let report = try? JSONParser.parse(file: self.report),
      report["identity"]?.string == identity
    else { return .begun }
    // Lines that were lost since are made again.
    guard try Self.lines(predictions) == report["counts"]?["requested"]?.int,
      try Self.lines(examples) > 0
    else { return .begun }
    return .finished(report)
  }

  private static func lines(_ path: String) throws(DSXError) -> Int {
    try MappedFile(path: path).withBytes { bytes in bytes.count { $0 == 0x0a } }
  }

  /// Removes what an earlier run left: only files that runs write.
  func clear() throws(DSXError) {
    let own = [
      "report.json", "report.html", "report.md", "results.csv", "results.tex", "junit.xml",
      "examples.jsonl", "states.json", "predictions.jsonl", "run.json",
    ]
    for name in own where FilePath.exists(FilePath.join(path, name)) {
      guard unlink(FilePath.join(path, name)) == 0 else {
        throw DSXError.system("cannot remove the file", file: FilePath.join(path, name))
      }
    }
  }

  /// Makes the folder and locks it for this process. Throws `outputExists` while another run writes.
  func lock() throws(DSXError) -> RunLock {
    try FilePath.makeFolder(path)
    return try RunLock(path)
  }

  /// Cuts predictions.jsonl back to whole units of whole lines and gives their number of lines. A
  /// `complete` file may end inside of a unit.
  func resume() throws(DSXError) -> Int {
    guard FilePath.exists(predictions) else { return 0 }
    let file = try MappedFile(path: predictions)
    var lines = 0
    var wholeLines = 0
    var wholeBytes = 0
    file.withBytes { bytes in
      for place in bytes.indices where bytes[place] == 0x0a {
        lines += 1
        if lines % Self.unit == 0 {
          wholeLines = lines
          wholeBytes = place + 1
        }
      }
    }
    if wholeBytes < file.bytes.count {
      guard truncate(predictions, off_t(wholeBytes)) == 0 else {
        throw DSXError.system("cannot cut the file back to whole units", file: predictions)
      }
    }
    return wholeLines
  }

  /// Reads predictions.jsonl line by line. Errors carry file and line.
  func readLines(_ body: (JSONValue) throws(DSXError) -> Void) throws(DSXError) {
    let file = try MappedFile(path: predictions)
    do throws(DSXError) {
      try file.withBytes { (bytes) throws(DSXError) in
        var start = 0
        var number = 0
        while start < bytes.count {
          let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
          number += 1
          let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
          start = end + 1
          do throws(DSXError) { try body(try JSONParser.parse(line)) } catch {
            var placed = error
            if placed.location.line == nil { placed.location.line = number }
            throw placed
          }
        }
      }
    } catch { throw error.inFile(predictions) }
  }
}

/// Holds a run's folder for one process, until it goes away.
final class RunLock {
  private let descriptor: Int32

  init(_ path: String) throws(DSXError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the folder", file: path) }
    // A file system without locks is used without them.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw DSXError(
        .outputExists, "another run of dsx is writing to this output", file: path,
        hint: "wait for it to end, or choose another --output")
    }
  }

  deinit { close(descriptor) }
}
