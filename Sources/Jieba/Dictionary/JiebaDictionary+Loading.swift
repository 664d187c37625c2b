public import DSXCore
internal import Glibc

extension JiebaDictionary {
  /// A dictionary through the cache of `homes`.
  ///
  /// `dictionary` is a file of lines `word frequency [tag]`, as jieba's `set_dictionary` takes it (dict.txt.big
  /// and dict.txt.small too); nil is the one of jieba 0.42.1 that ships with dsx. `userDictionaries` are added
  /// in order, each as `load_userdict` does.
  ///
  /// A cache file that is damaged, of another version or made from other content is replaced; a cache folder
  /// that cannot be read or written is no error. Several processes may do this at the same time.
  public static func load(
    homes: Homes = .current(), dictionary: String? = nil, userDictionaries: [String] = []
  ) throws(DSXError) -> JiebaDictionary {
    try load(
      JiebaSources(homes: homes, dictionary: dictionary), userDictionaries: userDictionaries,
      cache: FilePath.join(homes.cache, "jieba"))
  }

  /// One number, in hexadecimal, for the content of the dictionary and the model that `load` takes.
  public static func fingerprint(homes: Homes = .current()) throws(DSXError) -> String {
    String(try JiebaSources(homes: homes).fingerprint, radix: 16)
  }

  static func load(
    _ sources: JiebaSources, userDictionaries: [String] = [], cache folder: String
  ) throws(DSXError) -> JiebaDictionary {
    guard !userDictionaries.isEmpty else { return try load(sources, cache: folder) }
    var files: [MappedFile] = []
    var fingerprint = sources.fingerprint
    for path in userDictionaries {
      let file = try MappedFile(path: path)
      files.append(file)
      // From another seed than a source file: the same bytes in another role are another dictionary.
      fingerprint = Fingerprint.hash(file.bytes, seed: ~fingerprint)
    }
    return try cached(fingerprint, folder) { () throws(DSXError) in
      var editor = JiebaEditor(try load(sources, cache: folder))
      for file in files { try editor.load(userDictionary: file) }
      return try editor.image(source: fingerprint)
    }
  }

  private static func load(_ sources: JiebaSources, cache folder: String) throws(DSXError)
    -> JiebaDictionary
  {
    try cached(sources.fingerprint, folder) { () throws(DSXError) in try sources.compile() }
  }

  private static func cached(
    _ fingerprint: UInt64, _ folder: String, _ compile: () throws(DSXError) -> [UInt8]
  ) throws(DSXError) -> JiebaDictionary {
    let path = FilePath.join(folder, "jieba-" + String(fingerprint, radix: 16) + ".trie")
    if FilePath.exists(path), let file = try? MappedFile(path: path),
      let image = JiebaImage(file.bytes, source: fingerprint),
      let dictionary = JiebaDictionary(image, owner: file, fingerprint: fingerprint)
    {
      return dictionary
    }
    let compiled = try compile()
    save(compiled, to: path, in: folder)
    return try inMemory(compiled, fingerprint: fingerprint)
  }

  /// A dictionary in memory of its own.
  static func inMemory(_ compiled: [UInt8], fingerprint: UInt64) throws(DSXError)
    -> JiebaDictionary
  {
    let block = MemoryBlock(compiled)
    guard let image = JiebaImage(block.bytes, source: fingerprint),
      let dictionary = JiebaDictionary(image, owner: block, fingerprint: fingerprint)
    else { throw DSXError(.internal, "the compiled jieba dictionary does not pass its own check") }
    return dictionary
  }

  /// Leaves the compiled dictionary for the next run. Whoever reads it checks its fingerprint, so it
  /// is renamed into place but not flushed; the temporary name is this process's own.
  private static func save(_ compiled: [UInt8], to path: String, in folder: String) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let temporary = "\(path).\(getpid())-\(now.tv_nsec).tmp"
    do {
      try FilePath.makeFolder(folder)
      try FilePath.write(compiled, to: temporary)
      if rename(temporary, path) != 0 { unlink(temporary) }
    } catch {
      unlink(temporary)
    }
  }
}
