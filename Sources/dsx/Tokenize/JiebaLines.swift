internal import DSXCore
internal import Jieba

/// Cuts lines into jieba's words.
struct JiebaLines: LineTokenizer {
  private var cutter: JiebaCutter
  private let mode: JiebaMode
  private let hmm: Bool
  private let isJSON: Bool
  private let separator: [UInt8]

  init(_ dictionary: JiebaDictionary, mode: JiebaMode, hmm: Bool, _ options: LineOptions) {
    cutter = JiebaCutter(dictionary)
    self.mode = mode
    self.hmm = hmm
    isJSON = options.format == .json
    separator = Array((isJSON ? "," : options.separator ?? " ").utf8)
  }

  mutating func append(_ line: UnsafeRawBufferPointer, to output: inout [UInt8]) throws(DSXError) {
    if isJSON { output.append(UInt8(ascii: "[")) }
    var isFirst = true
    let (isJSON, separator) = (isJSON, separator)
    func add(_ word: UnsafeRawBufferPointer) {
      if !isFirst { output.append(contentsOf: separator) }
      isFirst = false
      if isJSON {
        JSONValue.writeString(utf8: word, into: &output)
      } else {
        output.append(contentsOf: word)
      }
    }
    switch mode {
    case .accurate:
      cutter.cut(line, hmm: hmm) { add(UnsafeRawBufferPointer(rebasing: line[$0])) }
    case .search:
      cutter.cutForSearch(line, hmm: hmm) { add(UnsafeRawBufferPointer(rebasing: line[$0])) }
    case .full: cutter.cutAll(line, add)
    }
    if isJSON { output.append(UInt8(ascii: "]")) }
  }
}
