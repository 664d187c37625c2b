internal import DSXCore
internal import Glibc

/// Finished runs by their identity (model, data, task, settings, tool): `<cache>/results/<identity>/`.
///
/// A second night takes from here what did not change. What is damaged counts as not there.
struct ResultCache {
  /// The folder of all results.
  let folder: String

  /// The files that are kept of a run; the others are made from them.
  private static let files = ["predictions.jsonl"]

  private func place(_ identity: String) -> String { FilePath.join(folder, identity) }

  /// Puts a finished run's predictions into a folder; false when they are not known.
  func fetch(_ identity: String, into run: RunFiles) throws(DSXError) -> Bool {
    guard let bytes = lines(identity) else { return false }
    try FilePath.write(bytes, to: run.predictions)
    return true
  }

  /// The lines of a finished run's predictions; nil when they are not known.
  func lines(_ identity: String) -> [UInt8]? {
    let source = FilePath.join(place(identity), "predictions.jsonl")
    let mark = FilePath.join(place(identity), "sha256")
    guard FilePath.exists(source), FilePath.exists(mark),
      let bytes = try? MappedFile(path: source).withBytes({ Array($0) }),
      let known = try? MappedFile(path: mark).withBytes({ String(decoding: $0, as: UTF8.self) })
    else { return nil }
    var hash = SHA256()
    hash.update(bytes)
    return hash.hexDigest() == known ? bytes : nil
  }

  /// Keeps a finished run's predictions. A cache that cannot be written is no error.
  func keep(_ identity: String, _ run: RunFiles) {
    guard !FilePath.exists(FilePath.join(place(identity), "sha256")) else { return }
    do throws(DSXError) {
      let bytes = try MappedFile(path: run.predictions).withBytes { Array($0) }
      var hash = SHA256()
      hash.update(bytes)
      try FilePath.makeFolder(place(identity))
      try AtomicFolder.write(bytes, to: FilePath.join(place(identity), "predictions.jsonl"))
      try AtomicFolder.write(
        Array(hash.hexDigest().utf8), to: FilePath.join(place(identity), "sha256"))
    } catch {
      // The next run computes it again.
    }
  }
}
