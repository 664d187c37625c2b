internal import DSXCore
internal import Jieba

/// Cuts lines into jieba's words.
struct JiebaLines: LineTokenizer {
  private var cutter: JiebaCutter
  private let hmm: Bool
  private let format: TokenizeFormat
  private let separator: [UInt8]

  init(_ dictionary: JiebaDictionary, hmm: Bool, _ options: LineOptions) {
    cutter = JiebaCutter(dictionary)
    self.hmm = hmm
    format = options.format
    separator = Array((options.format == .json ? "," : options.separator ?? " ").utf8)
  }

  mutating func append(_ line: UnsafeRawBufferPointer, to output: inout [UInt8]) throws(DSXError) {
    if format == .json { output.append(UInt8(ascii: "[")) }
    cutter.cut(line, hmm: hmm) { word in
      if word.lowerBound > 0 { output.append(contentsOf: separator) }
      if format == .json {
        JSONValue.writeString(utf8: line[word], into: &output)
      } else {
        output.append(contentsOf: line[word])
      }
    }
    if format == .json { output.append(UInt8(ascii: "]")) }
  }
}
