public import DSXCore
internal import Kernels

extension ModelFolder {
  /// SHA-256 over the files beside the weights that decide a model's answers: configurations, tokenizer,
  /// preprocessor, labels and the modules of a sentence encoder, as far as they are there.
  ///
  /// Hashed text: for each file a line `SHA256  NAME`, in the order of their names. A GGUF file has
  /// none: its own hash says all.
  public static func configurationFingerprint(_ path: String) throws(DSXError) -> String {
    var hash = SHA256(blocks: dsx_sha256_blocks)
    guard FilePath.isFolder(path) else { return hash.hexDigest() }
    // The name of a vocabulary is free in ModelScope's configuration.
    let named = (try? ModelDescription(path: path))?.preprocessor["tokenizer"]?.string
    for name in try FilePath.list(path) {
      let full = FilePath.join(path, name)
      let isText =
        [".json", ".txt", ".model", ".jinja"].contains { name.hasSuffix($0) } || name == named
      if isText, !name.hasSuffix(".index.json"), !FilePath.isFolder(full) {
        hash.update(try digest(full) + "  \(name)\n")
      } else if FilePath.isFolder(full), FilePath.exists(FilePath.join(full, "config.json")) {
        // The modules of sentence-transformers: `1_Pooling/config.json`.
        hash.update(try digest(FilePath.join(full, "config.json")) + "  \(name)/config.json\n")
      }
    }
    return hash.hexDigest()
  }

  private static func digest(_ path: String) throws(DSXError) -> String {
    let file = try MappedFile(path: path)
    var hash = SHA256(blocks: dsx_sha256_blocks)
    file.withBytes { hash.update($0) }
    return hash.hexDigest()
  }
}
