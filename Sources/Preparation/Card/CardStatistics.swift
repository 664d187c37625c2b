/// What a data card tells about the documents, as a state that adds.
///
/// Every worker or block has its own; `merge` is commutative and associative to the last bit, so the
/// result does not depend on how the work was cut. Memory: about 6 MB with a full sample of lines.
public struct CardStatistics: Sendable {
  /// Counts of one input.
  struct FileCounts: Hashable, Sendable {
    var documents = 0
    var bytes = 0
    var tokens = 0
    var dropped = 0

    mutating func merge(_ other: FileCounts) {
      documents += other.documents
      bytes += other.bytes
      tokens += other.tokens
      dropped += other.dropped
    }
  }

  /// Counts of one reason.
  struct DropCounts: Hashable, Sendable {
    var documents = 0
    var bytes = 0
  }

  /// Inputs from this one on share a line.
  static let fileLimit = 1000

  /// Kept documents, their bytes, code points, tokens, and tokens that stand for the unknown.
  var documents = 0
  var bytes = 0
  var characters = 0
  var tokens = 0
  var unknown = 0
  /// Kept documents with more tokens than a row has.
  var longDocuments = 0
  var lengths = LengthHistogram()
  /// Code points by `Script.index`.
  var scripts = [Int](repeating: 0, count: CharacterClass.scripts)
  var dropped: [QualityRule: DropCounts] = [:]
  var files: [Int: FileCounts] = [:]
  /// Inputs from `fileLimit` on.
  var otherFiles = FileCounts()
  var sample = LineSample()
  let sequenceLength: Int

  /// Nothing counted. `sequenceLength`: tokens in a row.
  public init(sequenceLength: Int) { self.sequenceLength = sequenceLength }

  /// Counts a kept document: `text` is what was encoded, `tokens` without the end-of-text id.
  public mutating func add(
    _ text: UnsafeRawBufferPointer, place: DocumentPlace, tokens: Int, unknown: Int
  ) {
    documents += 1
    bytes += text.count
    self.tokens += tokens
    self.unknown += unknown
    longDocuments += tokens > sequenceLength ? 1 : 0
    lengths.add(tokens)
    characters += ScriptCount.add(text, to: &scripts)
    sample.add(text, place: place)
    addFile(place) { file in
      file.documents += 1
      file.bytes += text.count
      file.tokens += tokens
    }
  }

  /// Counts a dropped document of so many bytes.
  public mutating func addDropped(_ rule: QualityRule, place: DocumentPlace, bytes: Int) {
    dropped[rule, default: DropCounts()].documents += 1
    dropped[rule, default: DropCounts()].bytes += bytes
    addFile(place) { $0.dropped += 1 }
  }

  private mutating func addFile(_ place: DocumentPlace, _ body: (inout FileCounts) -> Void) {
    if place.input < Self.fileLimit {
      body(&files[place.input, default: FileCounts()])
    } else {
      body(&otherFiles)
    }
  }

  /// Adds another state of the same sequence length.
  public mutating func merge(_ other: CardStatistics) {
    documents += other.documents
    bytes += other.bytes
    characters += other.characters
    tokens += other.tokens
    unknown += other.unknown
    longDocuments += other.longDocuments
    lengths.merge(other.lengths)
    for index in scripts.indices { scripts[index] += other.scripts[index] }
    for (rule, counts) in other.dropped {
      dropped[rule, default: DropCounts()].documents += counts.documents
      dropped[rule, default: DropCounts()].bytes += counts.bytes
    }
    for (input, counts) in other.files { files[input, default: FileCounts()].merge(counts) }
    otherFiles.merge(other.otherFiles)
    sample.merge(other.sample)
  }
}
