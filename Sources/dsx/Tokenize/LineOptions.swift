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
    var skipped = 0
    do throws(DSXError) {
      var more = true
      while more {
        more = try input.next { (line, number, offset) throws(DSXError) in
          let whole = output.count
          do throws(DSXError) {
            if let bad = UTF8Validation.firstInvalid(line) {
              let place = (line: number, byte: offset + bad)
              skipped += try appendBroken(line, place, &tokenizer, &output) ? 0 : 1
            } else {
              try tokenizer.append(line, to: &output)
              output.append(0x0a)
            }
          } catch {
            output.removeSubrange(whole...)
            var error = error
            if error.location.line == nil { error.location.line = number }
            throw error
          }
        } beforeWaiting: {
          Output.write(output)
          Output.flush()
          output.removeAll(keepingCapacity: true)
        }
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

  /// A line that is not UTF-8: false when it was left out.
  private func appendBroken(
    _ line: UnsafeRawBufferPointer, _ place: (line: Int, byte: Int),
    _ tokenizer: inout some LineTokenizer, _ output: inout [UInt8]
  ) throws(DSXError) -> Bool {
    switch onBadUTF8 {
    case .error: throw Self.badUTF8(place.line, place.byte)
    case .skip: return false
    case .replace: break
    }
    var repaired: [UInt8] = []
    UTF8Repair.append(line, to: &repaired)
    var failure: DSXError?
    repaired.withUnsafeBytes { text in
      do throws(DSXError) {
        try tokenizer.append(text, to: &output)
      } catch { failure = error }
    }
    if let failure { throw failure }
    output.append(0x0a)
    return true
  }

  private static func badUTF8(_ line: Int, _ byte: Int) -> DSXError {
    DSXError(
      .malformed, "invalid UTF-8", line: line, byte: byte,
      hint: "--on-bad-utf8 replace puts U+FFFD in its place, skip leaves the line out")
  }
}
