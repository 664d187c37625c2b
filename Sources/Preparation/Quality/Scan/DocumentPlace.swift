/// Where a document came from: the number of its input and the byte at which it begins there (of the
/// unpacked text, where the input is compressed).
public struct DocumentPlace: Hashable, Sendable {
  /// The number of the input in the plan.
  public var input: Int
  /// The byte of its text at which the document begins.
  public var byte: Int

  /// A place.
  public init(input: Int, byte: Int) {
    self.input = input
    self.byte = byte
  }
}
