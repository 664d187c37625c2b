internal import DSXCore
internal import Glibc
internal import Records

/// The file of skipped rows: JSON lines, published whole.
final class BadRowsFile {
  private let folder: AtomicFolder
  private let name: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// Starts the file at `path`; refused when it is an input or the output, or there without `overwrite`.
  init(_ path: String, inputs: [String], outputs: Set<OutputPlace>, overwrite: Bool)
    throws(DSXError)
  {
    name = FilePath.split(path).name
    let identity = FilePath.identity(path)
    let isInput = inputs.contains { identity != nil && FilePath.identity($0) == identity }
    guard !isInput, !outputs.contains(OutputPlace(path)) else {
      throw DSXError(
        .usage, "the file of bad rows is an input or the output", file: path,
        hint: "choose another --bad-rows")
    }
    guard overwrite || !FilePath.exists(path), !FilePath.isFolder(path) else {
      throw DSXError(
        .outputExists, "the file of bad rows is there already", file: path,
        hint: "add --overwrite to replace it, or choose another --bad-rows")
    }
    folder = try AtomicFolder(target: path)
    let temporary = folder.path(name)
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let error = DSXError.system("cannot create the file", file: path)
      folder.discard()
      throw error
    }
  }

  deinit { _ = Glibc.close(descriptor) }

  /// Adds a row.
  func append(_ line: RecordImport.SkippedLine) throws(DSXError) {
    line.json.write(into: &buffer)
    buffer.append(0x0a)
    if buffer.count >= 1 << 16 { try drain() }
  }

  private func drain() throws(DSXError) {
    var failed = false
    var done = 0
    buffer.withUnsafeBytes { bytes in
      while done < bytes.count, let base = bytes.baseAddress, !failed {
        let count = Glibc.write(descriptor, base + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        failed = count <= 0
        done += max(0, count)
      }
    }
    if failed {
      throw DSXError.system(
        "cannot write the file", file: FilePath.join(folder.folder, name),
        needs: buffer.count - done)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what is left and moves the file into place.
  func publish() throws(DSXError) {
    do {
      try drain()
      try folder.publish([name])
    } catch {
      folder.discard()
      throw error
    }
  }

  /// Drops the file.
  func discard() { folder.discard() }
}
