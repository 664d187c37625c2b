internal import DSXCore

/// One line of a LAMBADA file: a JSON object with a `text`.
enum LambadaLine {
  /// The text as PanGu-alpha's script takes it: curly double quotes made straight, white space and then
  /// full stops removed at both ends. Throws `malformed` for a line that is no such object.
  static func text(_ line: UnsafeRawBufferPointer) throws(DSXError) -> [UInt8] {
    guard let value = try JSONParser.parse(line)["text"]?.string else {
      throw DSXError(
        .malformed, "the line has no member \"text\" that is a string",
        hint: "--task lambada takes JSON lines: {\"text\": \"...\"}")
    }
    var text = Array(value.utf8)
    ByteReplacement.replace(&text, "“", "\"")
    ByteReplacement.replace(&text, "”", "\"")
    var range = PythonWhitespace.trimmed(text, 0..<text.count)
    let stop = UInt8(ascii: ".")
    while let first = range.first, text[first] == stop { range = first + 1..<range.upperBound }
    while let last = range.last, text[last] == stop { range = range.lowerBound..<last }
    return Array(text[range])
  }
}
