import DSXCore

/// The files of `prepare` that no walker takes: every case is skipped by name.
///
/// Whoever writes a walker for one of them adds the file to `handled`.
enum PrepareSkipGolden {
  /// What other walkers take, and what holds no cases (inputs, models, pages to read).
  static let handled: Set<String> = [
    "README.md", "models", "texts", "lines.jsonl",
    "jieba.jsonl", "jieba_userdict.json", "pangu_ids.jsonl",  // of Text
    "pangu_pipeline",  // PanguPipelineGolden
    "prompt_tasks",  // PromptTasksGolden
    "dsx16k",  // DSX16kGolden; compression.json there is informative
  ]

  static func walk(_ run: GoldenRun) throws {
    for name in try FilePath.list(run.folder) where !handled.contains(name) {
      // HuggingFaceGolden and SentencePieceGolden take all that have a model.
      if name.hasPrefix("hf_"), name.hasSuffix(".jsonl"),
        FilePath.exists(run.path("models/\(name.dropLast(6)).json"))
      {
        continue
      }
      if name.hasPrefix("sp_"), name.hasSuffix(".jsonl"),
        FilePath.exists(run.path("models/\(name.dropFirst(3).dropLast(6)).model"))
      {
        continue
      }
      if FilePath.isFolder(run.path(name)) {
        for file in try FilePath.list(run.path(name)) { run.skip(name, file) }
      } else if name.hasSuffix(".jsonl") {
        for (number, line) in try run.jsonLines(name).enumerated() {
          run.skip(String(name.dropLast(6)), line["id"]?.string ?? "\(number)")
        }
      } else {
        run.skip(name, name)
      }
    }
  }
}
