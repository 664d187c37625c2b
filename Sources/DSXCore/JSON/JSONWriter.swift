extension JSONValue {
  /// How the text is laid out.
  public enum Layout: Sendable {
    /// No blanks at all.
    case compact
    /// One line, `", "` and `": "`, as Python's `json.dumps`.
    case spaced
    /// Two blanks a level, one member a line; arrays of plain values stay on one line.
    case indented
  }

  /// The JSON text: raw UTF-8, only what must be escaped is escaped, doubles in their shortest
  /// round-trip form, non-finite doubles as the strings "NaN", "Infinity", "-Infinity".
  public func text(_ layout: Layout = .compact) -> String {
    var bytes: [UInt8] = []
    write(into: &bytes, layout, indent: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the JSON text to `bytes`.
  public func write(into bytes: inout [UInt8], _ layout: Layout = .compact, indent: Int = 0) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .int(let value): bytes.append(contentsOf: String(value).utf8)
    case .double(let value): Self.writeDouble(value, into: &bytes)
    case .string(let value): Self.writeString(value, into: &bytes)
    case .array(let values):
      let layout = layout == .indented && values.allSatisfy(\.isPlain) ? .spaced : layout
      Self.writeContainer(values, "[", "]", into: &bytes, layout, indent) { value, bytes in
        value.write(into: &bytes, layout, indent: indent + 1)
      }
    case .object(let members):
      Self.writeContainer(members, "{", "}", into: &bytes, layout, indent) { member, bytes in
        Self.writeString(member.name, into: &bytes)
        bytes.append(contentsOf: (layout == .compact ? ":" : ": ").utf8)
        member.value.write(into: &bytes, layout, indent: indent + 1)
      }
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func writeContainer<Element>(
    _ elements: [Element], _ open: String, _ close: String, into bytes: inout [UInt8],
    _ layout: Layout, _ indent: Int, _ write: (Element, inout [UInt8]) -> Void
  ) {
    bytes.append(contentsOf: open.utf8)
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(contentsOf: (layout == .spaced ? ", " : ",").utf8) }
      if layout == .indented { newLine(indent + 1, into: &bytes) }
      write(element, &bytes)
    }
    if layout == .indented, !elements.isEmpty { newLine(indent, into: &bytes) }
    bytes.append(contentsOf: close.utf8)
  }

  private static func newLine(_ indent: Int, into bytes: inout [UInt8]) {
    bytes.append(0x0a)
    bytes.append(contentsOf: repeatElement(0x20, count: indent * 2))
  }

  private static func writeDouble(_ value: Double, into bytes: inout [UInt8]) {
    if value.isNaN {
      bytes.append(contentsOf: "\"NaN\"".utf8)
    } else if value.isInfinite {
      bytes.append(contentsOf: (value < 0 ? "\"-Infinity\"" : "\"Infinity\"").utf8)
    } else {
      bytes.append(contentsOf: value.description.utf8)
    }
  }

  /// Appends a string with its quotes.
  public static func writeString(_ value: String, into bytes: inout [UInt8]) {
    writeString(utf8: value.utf8, into: &bytes)
  }

  /// Appends valid UTF-8 as a string with its quotes.
  @inlinable
  public static func writeString(utf8 value: some Sequence<UInt8>, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    let written: Void? = value.withContiguousStorageIfAvailable { writeRuns($0, into: &bytes) }
    if written == nil {
      for byte in value {
        if needsEscape(byte) { writeEscape(byte, into: &bytes) } else { bytes.append(byte) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The same of text that lies in one piece: what needs no escape is copied by the stretch.
  @usableFromInline
  static func writeRuns(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
    var start = 0
    for index in text.indices where needsEscape(text[index]) {
      bytes.append(contentsOf: text[start..<index])
      writeEscape(text[index], into: &bytes)
      start = index + 1
    }
    bytes.append(contentsOf: text[start...])
  }

  @inlinable
  static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7f
  }

  @usableFromInline
  static func writeEscape(_ byte: UInt8, into bytes: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
    case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
    case 0x0a: bytes.append(contentsOf: "\\n".utf8)
    case 0x0d: bytes.append(contentsOf: "\\r".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    default:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "\\u00".utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }
}
