/// One reader that is fuzzed: what libFuzzer's bytes are, and what is done with them.
///
/// Any error is right. A crash, a hang, memory that no input justifies, and an answer that another way of
/// getting it contradicts (`require`) are finds.
struct FuzzTarget: Sendable {
  /// Its name, by which DSX_FUZZ_TARGET chooses it; its folder in corpus/ and finds/ has the same.
  let name: String
  /// The longest input worth trying, in bytes.
  let maximumLength: Int
  /// The file in dictionaries/ that has its words; nil for none.
  let dictionary: String?
  /// Reads one input.
  let read: @Sendable (UnsafeRawBufferPointer) -> Void

  init(
    _ name: String, upTo maximumLength: Int, words dictionary: String? = nil,
    _ read: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
  ) {
    self.name = name
    self.maximumLength = maximumLength
    self.dictionary = dictionary
    self.read = read
  }

  /// All targets. Slow ones come first, so that a long run of all begins with them.
  static let all: [FuzzTarget] = [
    FuzzTarget("record-index", upTo: 4096, words: "records", fuzzRecordIndex),
    FuzzTarget("tar", upTo: 8192, fuzzTar),
    FuzzTarget("jpeg", upTo: 4096, fuzzJPEG),
    FuzzTarget("record-file", upTo: 8192, words: "records", fuzzRecordFile),
    FuzzTarget("recipe", upTo: 2048, words: "recipe", fuzzRecipe),
    FuzzTarget("task", upTo: 2048, words: "task", fuzzTask),
    FuzzTarget("pipeline", upTo: 2048, words: "recipe", fuzzPipeline),
    FuzzTarget("readme", upTo: 2048, words: "readme", fuzzReadme),
    FuzzTarget("tokenizer-json", upTo: 4096, words: "tokenizer", fuzzTokenizerJSON),
    FuzzTarget("documents", upTo: 1024, words: "json", fuzzDocuments),
    FuzzTarget("chat-template", upTo: 1024, words: "template", fuzzChatTemplate),
    FuzzTarget("regex", upTo: 256, words: "regex", fuzzRegex),
    FuzzTarget("csv-types", upTo: 1024, words: "csv", fuzzCSVTypes),
    FuzzTarget("csv", upTo: 1024, words: "csv", fuzzCSV),
    FuzzTarget("record-pages", upTo: 512, words: "records", fuzzRecordPages),
    FuzzTarget("sentencepiece", upTo: 8192, fuzzSentencePiece),
    FuzzTarget("torch", upTo: 8192, words: "pickle", fuzzTorch),
    FuzzTarget("npz", upTo: 4096, words: "numpy", fuzzNpz),
    FuzzTarget("zip", upTo: 4096, words: "zip", fuzzZip),
    FuzzTarget("gguf", upTo: 6144, words: "gguf", fuzzGGUF),
    FuzzTarget("checkpoint", upTo: 4096, fuzzCheckpoint),
    FuzzTarget("safetensors", upTo: 4096, words: "safetensors", fuzzSafetensors),
    FuzzTarget("npy", upTo: 1024, words: "numpy", fuzzNpy),
    FuzzTarget("png", upTo: 2048, fuzzPNG),
    FuzzTarget("descriptor", upTo: 2048, words: "readme", fuzzDescriptor),
    FuzzTarget("manifest", upTo: 2048, words: "manifest", fuzzManifest),
    FuzzTarget("strategy", upTo: 2048, fuzzStrategy),
    FuzzTarget("pickle", upTo: 2048, words: "pickle", fuzzPickle),
    FuzzTarget("record-header", upTo: 4096, words: "records", fuzzRecordHeader),
    FuzzTarget("json-lines", upTo: 1024, words: "json", fuzzJSONLines),
    FuzzTarget("record-line", upTo: 1024, words: "json", fuzzRecordLine),
    FuzzTarget("record-where", upTo: 512, words: "where", fuzzRecordWhere),
    FuzzTarget("json", upTo: 1024, words: "json", fuzzJSON),
  ]
}

/// Ends the program, as a find, where `holds` is false.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
  guard !holds else { return }
  // The first line of what libFuzzer prints about a crash.
  fatalError("fuzz: " + what())
}
