internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// The options of `dsx prepare` that drop documents.
struct QualityArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Filters to switch on: length, symbols, lines, repetition, script, with a comma between; "
        + "each may have limits, as in length:min-units=20:max-word=off.", valueName: "stages"))
  var quality: String?
  @Option(
    help: ArgumentHelp(
      "Scripts whose letters are wanted: han, latin, kana, hangul, cyrillic, arabic, other. "
        + "Switches the filter script on.", valueName: "scripts"))
  var keepScripts: String?
  @Option(
    help: ArgumentHelp("The least share of wanted letters in a document (0.5).", valueName: "share")
  )
  var minScriptShare: Double?
  @Option(
    help: ArgumentHelp(
      "Keep the first of equal documents (exact), of nearly equal ones (minhash), or both with a "
        + "comma between; minhash:ngram=5:buckets=14:hashes=8:verify=0.8 sets its parameters.",
      valueName: "kinds"))
  var dedup: String?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Evaluation sets (text or JSON lines): documents that share an n-gram with one are dropped.",
      valueName: "file"))
  var decontaminate: [String] = []
  @Option(
    help: ArgumentHelp(
      "Words in such an n-gram; two words are as long as three characters of Han.",
      valueName: "words"))
  var decontaminateNgram = 13

  /// The options' meaning. Throws `usage` for names and values that do not exist.
  func options() throws(DSXError) -> QualityOptions {
    var options = QualityOptions()
    if let quality { try options.addFilters(quality) }
    try options.addScripts(keepScripts, minimumShare: minScriptShare)
    if let dedup { try options.addDuplicates(dedup) }
    options.evaluationSets = decontaminate
    options.contaminationWords = decontaminateNgram
    return options
  }
}
