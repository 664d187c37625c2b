import DSXCore

/// The files of `models` that no walker knows yet, counted by their `kind`.
enum ModelsSkipGolden {
  /// What the other walkers of this folder handle.
  static let known: Set<String> = [
    "nanogpt_zh/tokenizer.json", "nanogpt_zh/ppl_tang.json", "nanogpt_zh/ppl_debfaq.json",
    "nanogpt_zh/ppl_handbook.json", "nanogpt_zh/ppl_blocks129.json", "nanogpt_zh/tnews_ddtp.json",
    "nanogpt_zh/tensors.json", "digits/tensors.json", "nanogpt_zh/generate.json",
    "smollm2/ppl.json",
    "nanogpt_zh/tnews_pangu4.json", "nanogpt_zh/cmrc_debfaq.json", "ddtp_zh/nb_dev.json",
    "bleu/opencc_zhcn_zhtw.json", "rouge/lead1.json",
  ]

  static func walk(_ run: GoldenRun) throws {
    for folder in try FilePath.list(run.folder)
    where FilePath.isFolder(run.path(folder)) && folder != "inputs" && folder != "formats" {
      for file in try FilePath.list(run.path(folder)) where file.hasSuffix(".json") {
        let name = FilePath.join(folder, file)
        if known.contains(name) { continue }
        let kind = try run.json(name)["kind"]?.string ?? file
        if ClassifiersGolden.kinds.contains(kind) { continue }
        if folder == "pangu_tasks" { continue }
        if EncoderGolden.kinds.contains(kind) { continue }
        run.skip(kind, name)
      }
    }
  }
}
