public import DSXCore
internal import Glibc

/// The folder that one run writes: report.json, report.md, report.html, predictions.jsonl. It
/// appears as a whole or not at all.
public struct RunFolder: Sendable {
  /// What is at the path already.
  public enum State: Sendable {
    /// Nothing, or an empty folder.
    case free
    /// The finished report of the very same run.
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

  /// What a finished run holds.
  private static let files = ["report.json", "report.md", "report.html", "predictions.jsonl"]

  /// Looks at what is there. Throws `outputExists` for anything that is not this run's own report,
  /// unless `overwrite` is set and it is a report folder; other folders are never overwritten.
  public func inspect(identity: String, overwrite: Bool) throws(DSXError) -> State {
    guard FilePath.exists(path) else { return .free }
    guard FilePath.isFolder(path) else {
      throw DSXError(
        .outputExists, "the output is a file, not a folder", file: path,
        hint: "choose another --output")
    }
    if try FilePath.list(path).isEmpty { return .free }
    let report = try? JSONParser.parse(file: FilePath.join(path, "report.json"))
    guard let report, report["schema"]?.string == EvaluationReport.schema else {
      throw DSXError(
        .outputExists, "the output folder holds other things than a report", file: path,
        hint: "choose another --output; only a report folder is replaced by --overwrite")
    }
    if overwrite { return .free }
    if report["identity"]?.string == identity {
      // A folder that lost one of its files is no finished run: it is made again.
      let isWhole = Self.files.allSatisfy { FilePath.exists(FilePath.join(path, $0)) }
      return isWhole ? .finished(report) : .free
    }
    throw DSXError(
      .outputExists, "the output folder holds the report of another run", file: path,
      hint: "choose another --output, or replace it with --overwrite")
  }

  /// Makes the hidden folder that the files are written in.
  public func begin() throws(DSXError) -> RunFolderWriter { try RunFolderWriter(path: path) }
}

/// Writes one run folder. Whoever makes one calls `publish` or `discard`.
public final class RunFolderWriter {
  private let path: String
  private let name: String
  private let folder: AtomicFolder
  private let inside: String
  private var buffer: [UInt8] = []
  private var descriptor: Int32 = -1
  private static let bufferSize = 1 << 16

  init(path: String) throws(DSXError) {
    self.path = path
    name = FilePath.split(path).name
    folder = try AtomicFolder(target: path)
    inside = folder.path(name)
    do throws(DSXError) {
      try FilePath.makeFolder(inside)
      descriptor = open(
        FilePath.join(inside, "predictions.jsonl"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw DSXError.system("cannot create the file", file: "predictions.jsonl")
      }
    } catch {
      folder.discard()
      throw error
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends one line to predictions.jsonl.
  public func append(_ line: JSONValue) throws(DSXError) {
    line.write(into: &buffer)
    buffer.append(0x0a)
    if buffer.count >= Self.bufferSize { try drain() }
  }

  /// Writes the reports made from `report`, flushes everything and moves the folder into place. A
  /// report folder that is there already is replaced.
  public func publish(_ report: JSONValue) throws(DSXError) {
    try drain()
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    let files = [
      ("report.json", report.text(.indented) + "\n"),
      ("report.md", EvaluationReport.markdown(report)),
      ("report.html", EvaluationReport.html(report)),
    ]
    for (name, text) in files {
      try FilePath.write(Array(text.utf8), to: FilePath.join(inside, name))
    }
    for name in try FilePath.list(inside) { try FilePath.flush(FilePath.join(inside, name)) }
    // The old report goes into the temporary folder, which `publish` removes at the end.
    if FilePath.exists(path), try !FilePath.list(path).isEmpty {
      guard rename(path, folder.path("replaced")) == 0 else {
        throw DSXError.system("cannot move the old report away", file: path)
      }
    }
    try folder.publish([name])
  }

  /// Drops everything that was written.
  public func discard() { folder.discard() }

  private func drain() throws(DSXError) {
    var failed = false
    buffer.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count, let base = bytes.baseAddress {
        let count = write(descriptor, base + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 {
          failed = true
          return
        }
        done += count
      }
    }
    if failed {
      throw DSXError.system("cannot write the file", file: FilePath.join(path, "predictions.jsonl"))
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
