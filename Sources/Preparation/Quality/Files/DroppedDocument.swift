internal import DSXCore

/// One line of the file of dropped documents.
///
/// `{"input": name, "byte": 0, "reason": "repetition/dup-lines", "value": 0.45, "limit": 0.3,
/// "text": "..."}`; a duplicate has `"of": {"input": name, "byte": 0}`, a contaminated document
/// `"item"`; a text over `maximumText` bytes is cut between characters and has
/// `"text_bytes": its length`.
public struct DroppedDocument: Sendable {
  /// Bytes of the text that a line keeps.
  public static let maximumText = 2000

  /// Where the document is.
  public var place: DocumentPlace
  /// Why it is dropped.
  public var reason: DropReason

  /// A dropped document.
  public init(place: DocumentPlace, reason: DropReason) {
    self.place = place
    self.reason = reason
  }

  /// Appends the line with its line feed. `text` is valid UTF-8; `names` are those of the inputs.
  public func write(
    _ text: UnsafeRawBufferPointer, stage: QualityStage, names: [String],
    into bytes: inout [UInt8]
  ) {
    func name(_ input: Int) -> JSONValue {
      names.indices.contains(input) ? .string(names[input]) : .null
    }
    var members: [JSONValue.Member] = [
      .init("input", name(place.input)), .init("byte", .int(Int64(place.byte))),
    ]
    members.append(contentsOf: stage.describe(reason))
    if let original = reason.original {
      members.append(
        .init("of", ["input": name(original.input), "byte": .int(Int64(original.byte))]))
    }
    var end = min(text.count, Self.maximumText)
    while end < text.count, end > 0, text[end] & 0xc0 == 0x80 { end -= 1 }
    if end < text.count { members.append(.init("text_bytes", .int(Int64(text.count)))) }
    JSONValue.object(members).write(into: &bytes, .spaced)
    bytes.removeLast()
    bytes.append(contentsOf: ", \"text\": ".utf8)
    JSONValue.writeString(utf8: text[..<end], into: &bytes)
    bytes.append(contentsOf: "}\n".utf8)
  }
}
