internal import DSXCore

/// Finds the documents of one text in bytes that arrive piece by piece.
///
/// Positions are those of the buffer that is scanned; `rebase` moves them when bytes at its front are
/// gone. A scanner never looks back, so a document may span any number of pieces.
protocol BorderScanner {
  /// Where the document that is under way begins: nothing before is needed any more.
  var documentStart: Int { get }
  /// Starts a new text at `position`.
  mutating func begin(at position: Int)
  /// `count` bytes at the front of the buffer are gone.
  mutating func rebase(by count: Int)
  /// Looks at `range` of `bytes`, which follows what was scanned before; hands on finished documents.
  /// Errors state the position in `bytes` as their byte.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ emit: (Range<Int>) -> Void
  ) throws(DSXError)
  /// The text ends at `end`: what is left is a document, where there is something.
  mutating func finish(
    _ bytes: UnsafeRawBufferPointer, at end: Int, _ emit: (Range<Int>) -> Void
  ) throws(DSXError)
}

/// A scanner that can also begin in the middle of a text.
protocol EnterableScanner: BorderScanner {
  /// Whether the state after a byte is known, whatever came before it: the byte belongs to a document.
  func isKnown(after byte: UInt8) -> Bool
  /// Starts at `position`, right after such a byte, inside of a document that began before.
  mutating func enter(at position: Int)
}
