internal import DSXCore
internal import Glibc

/// Makes a checkpoint a model folder: its own files where it brings them, the base model's for the rest
/// (configuration, tokenizer).
enum CheckpointModel {
  /// The path of a model folder for the checkpoint: its own folder when that has a `config.json` or
  /// `configuration.json`, else `scratch` with links to the base model's files and to the weights.
  static func folder(_ checkpoint: Checkpoint, base: String, scratch: String) throws(DSXError)
    -> String
  {
    let isFolder = FilePath.isFolder(checkpoint.path)
    if isFolder, has(checkpoint.path, "config.json") || has(checkpoint.path, "configuration.json") {
      return checkpoint.path
    }
    let place = FilePath.join(scratch, checkpoint.name)
    try FilePath.removeTree(place)
    try FilePath.makeFolder(place)
    let weights = [".safetensors", ".ckpt", ".npz", ".gguf", ".pt", ".pth", ".bin", ".index.json"]
    var taken: Set<String> = []
    func link(_ source: String, _ name: String) throws(DSXError) {
      guard taken.insert(name).inserted else { return }
      guard symlink(try absolute(source), FilePath.join(place, name)) == 0 else {
        throw DSXError.system("cannot link a file of the checkpoint", file: source)
      }
    }
    if isFolder {
      for name in try FilePath.list(checkpoint.path) where !name.hasPrefix(".") {
        try link(FilePath.join(checkpoint.path, name), name)
      }
    } else if checkpoint.path.hasSuffix(".index.json") {
      let folder = FilePath.split(checkpoint.path).folder
      let index = try JSONParser.parse(file: checkpoint.path)
      for member in index["weight_map"]?.object ?? [] {
        guard let name = member.value.string, FilePath.isPlainName(name) else { continue }
        try link(FilePath.join(folder, name), name)
      }
      try link(checkpoint.path, "model.safetensors.index.json")
    } else {
      let isPlain = checkpoint.name.hasSuffix(".safetensors")
      try link(checkpoint.path, isPlain ? "model.safetensors" : checkpoint.name)
    }
    guard FilePath.isFolder(base) else { return place }
    for name in try FilePath.list(base)
    where !name.hasPrefix(".") && !weights.contains(where: { name.hasSuffix($0) }) {
      try link(FilePath.join(base, name), name)
    }
    return place
  }

  private static func has(_ folder: String, _ name: String) -> Bool {
    FilePath.exists(FilePath.join(folder, name))
  }

  static func absolute(_ path: String) throws(DSXError) -> String {
    guard let whole = realpath(path, nil) else {
      throw DSXError.system("cannot find the file", file: path)
    }
    defer { free(whole) }
    return String(cString: whole)
  }

  /// Makes `best` name the checkpoint: a link, or a copy of its files. What was there is replaced at once.
  static func keep(_ checkpoint: Checkpoint, as best: String, copies: Bool) throws(DSXError) {
    let (folder, name) = FilePath.split(best)
    try FilePath.makeFolder(folder)
    let fresh = FilePath.join(folder, ".dsx-tmp-" + name)
    try FilePath.removeTree(fresh)
    if copies {
      try copy(checkpoint.path, to: fresh)
    } else {
      guard symlink(try absolute(checkpoint.path), fresh) == 0 else {
        throw DSXError.system("cannot link the best checkpoint", file: fresh)
      }
    }
    // A folder cannot be renamed over another one.
    let old = FilePath.join(folder, ".dsx-tmp-old-" + name)
    try FilePath.removeTree(old)
    var status = stat()
    if lstat(best, &status) == 0, rename(best, old) != 0 {
      throw DSXError.system("cannot move the earlier best checkpoint away", file: best)
    }
    guard rename(fresh, best) == 0 else {
      throw DSXError.system("cannot put the best checkpoint in place", file: best)
    }
    try FilePath.removeTree(old)
  }

  private static func copy(_ source: String, to target: String) throws(DSXError) {
    if FilePath.isFolder(source) {
      try FilePath.makeFolder(target)
      for name in try FilePath.list(source) where !name.hasPrefix(".") {
        try copy(FilePath.join(source, name), to: FilePath.join(target, name))
      }
    } else {
      let file = try MappedFile(path: source)
      try FilePath.write(file.withBytes { Array($0) }, to: target)
      try FilePath.flush(target)
    }
  }
}
