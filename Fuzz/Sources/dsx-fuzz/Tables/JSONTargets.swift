import Archives
import DSXCore
@testable import Datasets

private let file = ScratchFile("a.json")
private let formats: [TableFormat] = [.jsonLines, .jsonArray, .json, .text]

/// JSON lines, a JSON array or lines of text: a mapping and a stream of pieces give the same columns, rows
/// and errors.
///
/// | bits of the first byte | |
/// |---|---|
/// | 0, 1 | JSON lines, JSON array, either of the two, text |
/// | 2 | bad rows are left out |
/// | 3 to 7 | bytes at a time of the stream, less one |
func fuzzJSONLines(_ input: UnsafeRawBufferPointer) {
  var options = TableOptions()
  options.format = formats[Int(input[0] & 3)]
  options.onBadRow = input[0] & 4 != 0 ? .skip : .refuse
  options.encoding = .utf8
  options.batchRows = 2
  let step = Int(input[0] >> 3) + 1
  let bytes = Array(input.rest)
  file.fill(input.rest)
  let path = file.path
  let mapped = TableRows.streamed { () throws(DSXError) in
    try TableReader(path: path, options: options)
  }
  let dripped = TableRows.streamed { () throws(DSXError) in
    try TableReader(name: path, options: options, open: { InputSource(path, bytes, step: step) })
  }
  require(dripped == mapped, "a stream and a mapping differ")
}

/// A JSON text: what was read is written, and read again the same.
func fuzzJSON(_ input: UnsafeRawBufferPointer) {
  guard let value = try? JSONParser.parse(input) else { return }
  let layouts: [JSONValue.Layout] = [.compact, .spaced, .indented]
  var texts: [[UInt8]] = []
  for layout in layouts {
    var text: [UInt8] = []
    value.write(into: &text, layout)
    guard let again = try? JSONParser.parse(text) else {
      require(false, "a written text is refused")
      return
    }
    var second: [UInt8] = []
    again.write(into: &second)
    texts.append(second)
  }
  require(texts[0] == texts[1] && texts[0] == texts[2], "a layout changes the value")
  var compact: [UInt8] = []
  value.write(into: &compact)
  require(compact == texts[0], "writing and reading change the value")
}
