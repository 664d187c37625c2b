internal import DSXCore
internal import Jobs

/// The manifest that `dsx prepare` left beside a record file: what it was made from, and its SHA-256.
struct RecordsManifest {
  private let manifest: JobManifest
  private let folder: String

  /// The manifest that names `file`: `FILE.manifest.json`, or that of a numbered set. nil when there is
  /// none, or none that can be read.
  init?(for file: String) {
    let (folder, name) = FilePath.split(file)
    let digits = name.utf8.reversed().prefix { $0 &- 0x30 <= 9 }.count
    for stem in Set([name, String(decoding: name.utf8.dropLast(digits), as: UTF8.self)]) {
      let path = FilePath.join(folder, stem + ".manifest.json")
      guard FilePath.exists(path), let found = try? JobManifest(path: path),
        found.outputs.contains(where: { $0.name == name })
      else { continue }
      manifest = found
      self.folder = folder
      return
    }
    return nil
  }

  /// The files whose bytes are not those that dsx wrote.
  func changedFiles() throws(DSXError) -> [String] {
    var changed: [String] = []
    for output in manifest.outputs where FilePath.isPlainName(output.name) {
      let path = FilePath.join(folder, output.name)
      guard FilePath.exists(path), try FileFingerprint.of(path: path) == output else {
        changed.append(path)
        continue
      }
    }
    return changed
  }

  /// How the ids were made, as `--tokenizer` names it: jieba, sentencepiece, gpt, or `file` for a path.
  var tokenizer: String? { manifest.plan.options["tokenizer"]?["kind"]?.string }

  /// SHA-256 of the files of the vocabulary that the ids belong to.
  var vocabulary: [String]? {
    manifest.plan.options["tokenizer"]?["vocabulary_sha256"]?.array?.compactMap(\.string)
  }
}
