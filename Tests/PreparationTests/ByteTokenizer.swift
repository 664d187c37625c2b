import DSXCore
import Text

@testable import Preparation

/// A vocabulary of the 256 bytes, `<eot>` 256, `<pad>` 257: makes rows readable in tests.
struct ByteTokenizer: Tokenizer {
  var vocabularySize: Int { 258 }
  func id(of piece: String) -> Int32? {
    switch piece {
    case "<eot>": 256
    case "<pad>": 257
    default: piece.utf8.count == 1 ? piece.utf8.first.map { Int32($0) } : nil
    }
  }
  func piece(of id: Int32) -> String? { nil }
  func decode(_ ids: [Int32]) throws(DSXError) -> String {
    String(decoding: ids.compactMap { UInt8(exactly: $0) }, as: UTF8.self)
  }
  func makeEncoder() -> any TokenEncoder { Encoder() }

  struct Encoder: TokenEncoder {
    mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
      ids.append(contentsOf: text.map { Int32($0) })
    }
  }

  static var vocabulary: PreparationVocabulary {
    PreparationVocabulary(
      tokenizer: ByteTokenizer(), endOfText: 256, padding: 257, unknown: 0x3f,
      fingerprint: ["kind": "bytes"], makeEncoder: { Encoder() })
  }
}

/// A folder that is removed when the test is over.
final class TestFolder {
  let path: String
  init() throws {
    path = "/tmp/dsx-test-\(UInt64.random(in: .min ... .max))"
    try FilePath.makeFolder(path)
  }
  deinit { try? FilePath.removeTree(path) }

  /// Writes a file, with the folders above it; returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = FilePath.join(path, name)
    try FilePath.makeFolder(FilePath.split(file).folder)
    try FilePath.write(bytes, to: file)
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }
}

/// The plain definition of what the pipeline does, for texts in memory.
enum Oracle {
  /// Universal newlines, then `split("\n\n")` without its empty pieces.
  static func documents(_ bytes: [UInt8]) -> [[UInt8]] {
    var text: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == 13 {
        if index + 1 < bytes.count, bytes[index + 1] == 10 { index += 1 }
        text.append(10)
      } else {
        text.append(bytes[index])
      }
      index += 1
    }
    var pieces: [[UInt8]] = [[]]
    index = 0
    while index < text.count {
      if text[index] == 10, index + 1 < text.count, text[index + 1] == 10 {
        pieces.append([])
        index += 2
      } else {
        pieces[pieces.count - 1].append(text[index])
        index += 1
      }
    }
    return pieces.filter { !$0.isEmpty }
  }

  /// The corrected rule: no document begins or ends with a line feed, and none is empty.
  static func correctedDocuments(_ bytes: [UInt8]) -> [[UInt8]] {
    documents(bytes).compactMap { piece in
      let inner = piece.drop { $0 == 10 }
      guard let last = inner.lastIndex(where: { $0 != 10 }) else { return nil }
      return Array(inner[...last])
    }
  }

  /// The ids of documents with the byte vocabulary.
  static func ids(_ documents: [[UInt8]]) -> [Int32] {
    documents.flatMap { $0.map { Int32($0) } + [256] }
  }

  /// Rows of `length`, and the tail.
  static func rows(_ ids: [Int32], _ length: Int) -> (rows: [[Int32]], tail: [Int32]) {
    let whole = ids.count / length
    let rows = (0..<whole).map { Array(ids[$0 * length..<($0 + 1) * length]) }
    return (rows, Array(ids[(whole * length)...]))
  }
}

extension PreparationPipeline {
  /// All rows and the counts.
  func collect(_ paths: [String]) throws -> (rows: [[Int32]], counts: PreparationCounts) {
    var rows: [[Int32]] = []
    let result = try run(try InputExpansion.expand(paths), progress: SilentProgress()) {
      (batch) throws(DSXError) in
      guard case .int32(let ids) = batch.columns[0].elements, let offsets = batch.columns[0].offsets
      else { throw DSXError(.internal, "no int32 rows") }
      guard batch.firstRow == rows.count else { throw DSXError(.internal, "rows out of order") }
      for row in 0..<batch.rows { rows.append(Array(ids[offsets[row]..<offsets[row + 1]])) }
    }
    return (rows, result.counts)
  }
}

extension PCG64 {
  /// A number in `0..<bound`.
  mutating func below(_ bound: Int) -> Int { Int(bounded(UInt32(bound))) }
}
