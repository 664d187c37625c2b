import DSXCore

/// The files of `prepare` that no walker takes: every case is skipped by name.
///
/// Whoever writes a walker for one of them adds the file to `handled`.
enum PrepareSkipGolden {
  /// What other walkers take, and what holds no cases (inputs, models, pages to read).
  static let handled: Set<String> = [
    "README.md", "models", "texts", "lines.jsonl",
    "hf_gpt2_3k.jsonl",  // ByteLevelGolden
    "jieba.jsonl", "pangu_ids.jsonl", "sp_pangu_bpe_4k.jsonl",  // of Text
    "sp_llama_bpe_4k_bf_identity.jsonl",  // SentencePieceGolden
    "pangu_pipeline",  // PanguPipelineGolden
    "prompt_tasks",  // PromptTasksGolden
    "dsx16k",  // DSX16kGolden; compression.json there is informative
  ]

  static func walk(_ run: GoldenRun) throws {
    for name in try FilePath.list(run.folder) where !handled.contains(name) {
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
