public import DSXCore
internal import Kernels
internal import Text

extension ModelFolder {
  /// SHA-256 over the files beside the weights that decide a model's answers: configurations, tokenizer,
  /// preprocessor, labels, chat templates and the modules of a sentence encoder, as far as they are there.
  ///
  /// Hashed text: for each file a line `SHA256  NAME`, in the order of their names. A GGUF file has
  /// none: its own hash says all.
  public static func configurationFingerprint(_ path: String) throws(DSXError) -> String {
    var hash = SHA256(blocks: dsx_sha256_blocks)
    guard FilePath.isFolder(path) else { return hash.hexDigest() }
    func add(_ name: String) throws(DSXError) {
      hash.update(try digest(FilePath.join(path, name)) + "  \(name)\n")
    }
    // The name of a vocabulary is free in ModelScope's configuration.
    let description = try? ModelDescription(path: path)
    let named = description?.preprocessor["tokenizer"]?.string
    let modules = moduleFolders(path)
    let names = try FilePath.list(path)
    for name in names {
      // An output of dsx, whose facts lie beside it.
      if names.contains(name + ".run.json") { continue }
      guard FilePath.isFolder(FilePath.join(path, name)) else {
        if decides(name) || name == named { try add(name) }
        continue
      }
      let inner = try FilePath.list(FilePath.join(path, name))
      if modules.contains(name), inner.contains("config.json") { try add(name + "/config.json") }
      if name == "additional_chat_templates" {
        for template in inner where template.hasSuffix(".jinja") { try add("\(name)/\(template)") }
      }
    }
    // PanGu's tokenizer cuts words with jieba's dictionary, which lies elsewhere.
    if description?.types.contains(where: PanGu.types.contains) == true,
      let dictionary = try? PanGuTokenizer.dictionaryFingerprint(homes: .current())
    {
      hash.update("jieba \(dictionary)\n")
    }
    return hash.hexDigest()
  }

  /// Whether a file of this name is one that models are read from: no index of shards, no notes of a training,
  /// and nothing that dsx writes beside its outputs.
  private static func decides(_ name: String) -> Bool {
    if ["vocab.txt", "merges.txt"].contains(name) { return true }
    let others = [
      ".index.json", ".run.json", ".manifest.json", ".report.json", "trainer_state.json",
      "all_results.json", "train_results.json", "eval_results.json", "dataset_infos.json",
    ]
    return [".json", ".model", ".jinja"].contains { name.hasSuffix($0) }
      && !others.contains { name.hasSuffix($0) }
  }

  /// The folders that `modules.json` names: `1_Pooling`.
  private static func moduleFolders(_ path: String) -> [String] {
    let list = try? JSONParser.parse(file: FilePath.join(path, "modules.json")).array
    return (list ?? []).compactMap { $0["path"]?.string }
  }

  private static func digest(_ path: String) throws(DSXError) -> String {
    let file = try MappedFile(path: path)
    var hash = SHA256(blocks: dsx_sha256_blocks)
    file.withBytes { hash.update($0) }
    return hash.hexDigest()
  }
}
