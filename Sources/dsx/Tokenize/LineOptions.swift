internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// How lines come in and how their words go out, whatever the tokenizer.
struct LineOptions: ParsableArguments {
  @Option(help: "json: one array a line; text: the words or ids with --separator between them.")
  var format = TokenizeFormat.json

  @Option(help: "What --format text puts between two words or ids. Default: a blank.")
  var separator: String?

  @Option(
    name: .customLong("on-bad-utf8"),
    help: "A line that is not UTF-8: stop, put U+FFFD, or skip the line.")
  var onBadUTF8 = BadUTF8Policy.error

  func validate() throws {
    if separator != nil, format == .json {
      throw ValidationError("--separator is for --format text")
    }
  }

  /// Hands each line of `file` (nil: standard input) to `tokenizer` and prints what it appends.
  ///
  /// What is ready is printed before the program waits for more input, and before an error.
  func run(_ file: String?, _ tokenizer: inout some LineTokenizer) throws(DSXError) {
    var input = try ByteLines(path: file)
    defer { input.close() }
    var output: [UInt8] = []
    var repaired: [UInt8] = []
    var skipped = 0
    // Not by `defer`: the error's text must come behind the lines before it.
    do throws(DSXError) {
      while true {
        let more = try input.next { (line, number, offset) throws(DSXError) in
          let start = output.count
          do throws(DSXError) {
            if let bad = UTF8Validation.firstInvalid(line) {
              switch onBadUTF8 {
              case .error: throw Self.badUTF8(number, offset + bad)
              case .skip:
                skipped += 1
                return
              case .replace:
                repaired.removeAll(keepingCapacity: true)
                UTF8Repair.append(line, to: &repaired)
                var failure: DSXError?
                repaired.withUnsafeBytes { text in
                  do throws(DSXError) {
                    try tokenizer.append(text, to: &output)
                  } catch { failure = error }
                }
                if let failure { throw failure }
              }
            } else {
              try tokenizer.append(line, to: &output)
            }
          } catch {
            output.removeSubrange(start...)
            throw error
          }
          output.append(0x0a)
        } beforeWaiting: {
          Output.write(output)
          Output.flush()
          output.removeAll(keepingCapacity: true)
        }
        guard more else { break }
        Output.drainIfLarge(&output)
      }
    } catch {
      Output.write(output)
      throw error
    }
    Output.write(output)
    if skipped > 0 {
      Output.flush()
      Output.message("dsx: skipped \(skipped) \(skipped == 1 ? "line" : "lines"): not UTF-8")
    }
  }

  private static func badUTF8(_ line: Int, _ byte: Int) -> DSXError {
    DSXError(
      .malformed, "invalid UTF-8", line: line, byte: byte,
      hint: "--on-bad-utf8 replace puts U+FFFD in its place, skip leaves the line out")
  }
}

/// How `dsx tokenize` prints a line.
enum TokenizeFormat: String, CaseIterable, ExpressibleByArgument {
  /// One JSON array a line.
  case json
  /// Words or ids with a separator between them.
  case text
}
