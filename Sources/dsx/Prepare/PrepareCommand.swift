internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Preparation

/// `dsx prepare`: texts to records.
struct PrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Turn texts into rows of token ids, in a MindRecord file.",
    discussion: """
      Examples:
        dsx prepare --input 'data/*.txt' --seq-length 1025
        dsx prepare --input 'corpus/**/*.txt' --tokenizer my.model --eot 2
        dsx prepare --input wiki.txt --task pangu-wiki --tail keep

      Documents end at blank lines (two line feeds); each is encoded and
      followed by the end-of-text id. The ids follow each other from file to
      file and are cut into rows of --seq-length. The same command again finds
      itself finished; other inputs or options need --overwrite. The summary
      goes to stderr, or with --format json to stdout.
      """)

  /// How the summary is printed.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "A file, or a quoted pattern with * ? [...] **; several may follow.",
      valueName: "path"))
  var input: [String]
  @OptionGroup var inputArguments: InputArguments
  @Option(help: "The record file to write.")
  var output = "./prepared.mindrecord"
  @Option(help: "Token ids in a row.")
  var seqLength = 1025
  @Option(help: "What the inputs are: plain text, wikitext, or JSON lines with a text.")
  var task = PreparationTask.pangu
  @Option(help: "Give the rows and file names of the original script exactly.")
  var compat: Compatibility?
  @Option(
    help: ArgumentHelp(
      "jieba (words, then SentencePiece), sentencepiece, gpt, or the path of a vocabulary.",
      valueName: "name|path"))
  var tokenizer = "jieba"
  @Option(
    name: [.customLong("vocab"), .customLong("model-file"), .customLong("model_file")],
    help: ArgumentHelp(
      "The vocabulary: a SentencePiece model; for gpt a folder with vocab.json and merges.txt. "
        + "Default: dsx's own Chinese and English one.", valueName: "path"))
  var vocab: String?
  @Option(
    help: ArgumentHelp(
      "The id that ends a document. Default: the id of the piece <eot>.", valueName: "id"))
  var eot: Int?
  @Option(help: "Tokens after the last whole row: leave out and count, fill with <pad>, or keep.")
  var tail = TailPolicy.drop
  @Option(
    name: .customLong("on-bad-utf8"), help: "Text that is not UTF-8: stop, put U+FFFD, or skip.")
  var onBadUTF8 = BadUTF8Policy.error
  @Option(help: "The name of the column.")
  var dataColumnName = "input_ids"
  @Option(help: "Number of record files; each row is in one of them.")
  var filePartition = 1
  @Option(help: "Threads; never changes the output. Default: the number of cores.")
  var workers: Int?
  @Option(help: "Refuse a document that is longer than this.")
  var maxDocumentBytes = 64 << 20
  @Flag(help: "Replace an output that was made from other inputs or options.")
  var overwrite = false
  @Option(help: "How the summary is printed.")
  var format = Format.text

  func run() throws {
    let began = StderrProgress.seconds()
    var options = PreparationOptions(inputs: input)
    options.documents = try inputArguments.documentOptions()
    options.output = output
    options.task = task
    options.compatibility = compat
    options.sequenceLength = seqLength
    options.tail = tail
    options.badUTF8 = onBadUTF8
    options.columnName = dataColumnName
    options.filePartition = filePartition
    options.workers = workers ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    options.maximumDocumentBytes = maxDocumentBytes
    options.overwrite = overwrite
    options.tool = "dsx " + Version.current
    try options.check()

    let vocabulary = try PreparationVocabulary(
      PreparationVocabulary.Kind(tokenizer), path: vocab, endOfText: eot, compatibility: compat,
      homes: .current())
    let preparation = try Preparation(vocabulary, options)
    let progress = StderrProgress()
    defer { progress.finish() }
    let outcome = try preparation.run(progress: progress)
    progress.finish()
    let summary = PrepareSummary(outcome: outcome, seconds: StderrProgress.seconds() - began)
    switch format {
    case .text: Output.message(summary.text)
    case .json: Output.line(summary.json.text(.indented))
    }
  }
}
