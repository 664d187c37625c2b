internal import DSXCore

extension PreparationOptions {
  /// Throws `usage` for what the task cannot do: the text tasks have no examples, the others no documents.
  func checkTask(_ require: (Bool, String, String?) throws(DSXError) -> Void) throws(DSXError) {
    let name = "--task \(task.rawValue)"
    try require(
      task == .chat || chatTemplate == nil, "--chat-template is for --task chat", "leave it out")
    if task != .pangu, !task.hasExamples {
      let standard = DocumentOptions()
      let choice = documents.inputFormat?.content
      try require(
        documents.rule == nil && documents.textField == standard.textField
          && documents.textColumn == standard.textColumn && documents.delimiter == nil
          && (choice == nil || choice == .text || choice == .jsonLines),
        "\(name) says itself what its inputs and documents are",
        "leave out --documents, --text-field, --text-column, --delimiter and the content in "
          + "--input-format")
    }
    if task == .chat {
      try require(
        compatibility == nil, "\(name) has no original to give the rows of", "leave out --compat")
      try require(
        !quality.isActive && documents.cleaning.rules.isEmpty,
        "\(name) takes conversations as they are: they cannot be filtered or cleaned",
        "leave out --quality, --dedup, --decontaminate and --clean")
    }
    guard task.hasExamples else {
      try require(
        examples == ExampleOptions(),
        "\(name) has no examples: --shots, --train, --labels and the like are for tnews and cmrc2018",
        "leave them out")
      return
    }
    try require(
      packing == nil && tail == nil && columns.isEmpty && shuffle == .none && validationRatio == 0
        && !quality.isActive && documents == DocumentOptions(),
      "\(name) makes its rows of a file of its own form: they cannot be packed, shuffled, split, "
        + "filtered or given columns", "leave these options out")
    try checkExamples()
  }

  /// Throws `usage` for what a task with examples cannot do.
  func checkExamples() throws(DSXError) {
    func require(_ holds: Bool, _ message: String, _ hint: String? = nil) throws(DSXError) {
      guard holds else { throw DSXError(.usage, message, hint: hint) }
    }
    let name = "--task \(task.rawValue)"
    try require(
      (2...(1 << 20)).contains(sequenceLength),
      "--seq-length must be 2 to \(1 << 20), not \(sequenceLength)")
    let isCompatible = compatibility != nil
    try require(
      columnName == "input_ids", "\(name) has columns with names of their own",
      "leave out --data-column-name")
    if let shots = examples.shots {
      try require((0...64).contains(shots), "--shots must be 0 to 64, not \(shots)")
      let known = task == .tnews ? [0, 1, 6] : [0, 1, 5]
      try require(
        !isCompatible || known.contains(shots),
        "the original script knows \(known.map { String($0) }.joined(separator: ", ")) shots",
        "leave out --compat, or choose one of them")
      try require(task != .gpt2Wikitext, "\(name) has no demonstrations", "leave out --shots")
    }
    if let candidates = examples.candidates {
      try require(task == .tnews, "--candidates is for --task tnews")
      try require(!isCompatible, "--compat always compares 4 labels", "leave out --candidates")
      try require(candidates >= 2, "--candidates must be at least 2, not \(candidates)")
    }
    try require(task == .tnews || examples.labels == nil, "--labels is for --task tnews")
    try require(task != .gpt2Wikitext || examples.train == nil, "\(name) takes no --train")
    try require(
      task != .tnews || !isCompatible || examples.train == nil,
      "the original draws the demonstrations from the evaluated file itself",
      "leave out --train or --compat")
    try require((examples.articles ?? 1) >= 1, "--articles must be at least 1")
    try require((examples.questions ?? 1) >= 1, "--questions must be at least 1")
    try require(
      task != .cmrc2018 || isCompatible || (1..<sequenceLength).contains(examples.answerTokens),
      "--answer-tokens must be 1 to less than --seq-length, not \(examples.answerTokens)")
  }
}
