internal import DSXCore
internal import Evaluation

/// `dsx predict` to stdout: texts of the command line, lines of stdin, or a data set with `--output -`.
struct PredictPrinter {
  private let arguments: PredictArguments
  private let process: PredictProcess

  /// Throws `usage` for options that are about a file.
  init(_ arguments: PredictArguments, _ process: PredictProcess) throws(DSXError) {
    self.arguments = arguments
    self.process = process
    let isFromHand = !arguments.text.isEmpty || arguments.input == "-"
    for (name, isUseless) in [
      ("--output", isFromHand && arguments.output != nil && arguments.output != "-"),
      ("--overwrite", arguments.overwrite), ("--format json", process.format == .json),
      ("--text2", arguments.text.isEmpty && !arguments.text2.isEmpty),
    ] where isUseless {
      throw DSXError(
        .usage, "\(name) would do nothing: the lines are printed", hint: "leave it out")
    }
  }

  /// Prints a line for each row. Throws `incomplete` when rows failed.
  func run() throws {
    let counts: PredictionCounts
    if arguments.text.isEmpty, arguments.input != "-" {
      counts = try arguments.open(process, mayPrint: true).run.stream(Self.show)
    } else {
      let pipeline = try arguments.openModel(process)
      var predictions = try TextPredictions(pipeline, hasPairs: !arguments.text2.isEmpty)
      var texts = try TextLines(arguments)
      while true {
        let batch = try texts.next(pipeline.options.batchSize)
        guard !batch.isEmpty else { break }
        Self.show(predictions.answer(batch))
      }
      counts = predictions.counts
      guard counts.examples > 0 else { throw DSXError(.nothingToDo, "the input has no rows") }
    }
    if let error = counts.error(output: "stdout") { throw error }
  }

  private static func show(_ lines: [JSONValue]) {
    for line in lines { Output.line(line.text()) }
    Output.flush()
  }
}

/// The texts of the command line, or those of stdin, a line each.
private struct TextLines {
  private var texts: [(text: String?, pair: String?)]
  private var lines: ByteLines?
  private var left: Int

  init(_ arguments: PredictArguments) throws(DSXError) {
    let seconds = arguments.text2.map(Optional.some)
    texts = Array(
      zip(arguments.text, seconds.isEmpty ? arguments.text.map { _ in nil } : seconds))
    lines = arguments.text.isEmpty ? try ByteLines(path: nil) : nil
    left = arguments.limit ?? .max
  }

  /// At most so many; none at the end. Throws `malformed` for a line that is not UTF-8.
  mutating func next(_ count: Int) throws(DSXError) -> [(text: String?, pair: String?)] {
    var batch: [(text: String?, pair: String?)] = []
    while batch.count < min(count, left) {
      guard lines != nil else {
        guard !texts.isEmpty else { break }
        batch.append(texts.removeFirst())
        continue
      }
      var found: String?
      let isThere = try lines?.next { (line, number, offset) throws(DSXError) in
        if let bad = UTF8Validation.firstInvalid(line) {
          throw DSXError(
            .malformed, "the text is not valid UTF-8", file: "stdin", line: number,
            byte: offset + bad)
        }
        // The byte-order mark and the carriage return belong to the file.
        let mark = offset == 0 && line.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        let end = line.count > mark && line.last == 0x0d ? line.count - 1 : line.count
        found = String(decoding: line[mark..<end], as: UTF8.self)
      }
      guard isThere == true else { break }
      batch.append((found == "" ? nil : found, nil))
    }
    left -= batch.count
    return batch
  }
}
