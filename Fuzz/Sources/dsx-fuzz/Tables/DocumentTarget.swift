import DSXCore
import Jobs
@testable import Preparation

private let files: [ScratchFile] = ["a.txt", "a.jsonl", "a.json", "a.csv"].map { ScratchFile($0) }
private let textRules: [DocumentRule] = [.blankLine, .doubleLineFeed, .line, .file]

/// The documents of `dsx prepare`: those of all shards are those of the whole file, wherever it is cut and
/// however much is read at once; then their text.
///
/// | byte | |
/// |---|---|
/// | 0 mod 8 | 0 to 3: plain text by one of four rules; 4, 5 JSON lines; 6 a JSON array; 7 CSV |
/// | 0, upper bits | bytes of a block |
/// | 1 | bytes of a shard, and those read at once |
func fuzzDocuments(_ input: UnsafeRawBufferPointer) {
  guard input.count > 2 else { return }
  let kind = Int(input[0] & 7)
  let file = files[kind < 4 ? 0 : kind < 6 ? 1 : kind - 4]
  file.fill(UnsafeRawBufferPointer(rebasing: input[2...]))
  guard let whole = try? InputFile(path: file.path) else { return }
  var settings = DocumentReader.Settings(
    blockBytes: 1 << 16, maximumDocumentBytes: 1 << 16, readBytes: 1 << 16)
  if kind < 4 { settings.rule = textRules[kind] }
  settings.isExact = input[0] & 8 != 0
  let one = Found(whole, settings, shard: nil)
  one.decode(whole)
  guard one.failure == nil else { return }
  let size = max(Int(input[1] >> 2) + 1, whole.size / 5 + 1)
  settings.shards = ByteShards(sizes: [whole.size], size: size)
  settings.blockBytes = Int(input[0] >> 4) + 1
  settings.readBytes = Int(input[1] & 15) + 1
  var all: [Found.Document] = []
  for shard in 0..<max(1, settings.shards?.count ?? 1) {
    let part = Found(whole, settings, shard: shard)
    require(part.failure == nil, "a shard is refused, and the whole is not")
    all += part.documents
  }
  require(all == one.documents, "shards and the whole have other documents")
}

/// What a reader gave.
private struct Found {
  struct Document: Equatable {
    var offset: Int
    var bytes: [UInt8]
  }

  private(set) var documents: [Document] = []
  private(set) var blocks: [DocumentBlock] = []
  private(set) var failure: DSXError?

  init(_ file: InputFile, _ settings: DocumentReader.Settings, shard: Int?) {
    var reader = DocumentReader([file], settings, shard: shard)
    do throws(DSXError) {
      while let block = try reader.next() {
        for document in block.documents {
          documents.append(
            Document(offset: document.offset, bytes: Array(block.bytes[document.range])))
        }
        blocks.append(block)
      }
    } catch { failure = error }
  }

  /// The text of every document is UTF-8 with line feeds only.
  func decode(_ file: InputFile) {
    var options = DocumentOptions()
    options.badRow = .skip
    var decoder = DocumentDecoder(
      DocumentDecoder.Settings(inputs: [file], options: options, badUTF8: .replace))
    for block in blocks {
      for document in block.documents {
        let bytes = Array(block.bytes[document.range])
        let outcome = bytes.withUnsafeBytes { raw in
          try? decoder.decode(document, of: block, raw)
        }
        guard outcome == .changed else { continue }
        let bad = decoder.text.withUnsafeBytes { UTF8Validation.firstInvalid($0) }
        require(bad == nil, "text that is not UTF-8")
        require(!decoder.text.contains(0x0d), "a line end was left")
      }
    }
  }
}
