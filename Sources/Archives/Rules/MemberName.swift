internal import DSXCore

/// The rules for names inside of archives.
enum MemberName {
  /// Bytes of one part between slashes.
  static let maximumPartBytes = 255
  /// Parts of a name.
  static let maximumParts = 32

  /// The parts of a name, normalised: `\` counts as `/`, parts that are `.` are left out.
  ///
  /// Throws `unsafeArchive` for an empty name, a name that is absolute, begins with a drive, or has a
  /// part `..`, and for NUL and characters that turn the direction of text; `archiveLimit` for names
  /// that are too long or too deep. Other control characters are allowed (nothing is made under the
  /// name) and escaped in messages.
  static func parts(_ name: String, archive: String) throws(DSXError) -> [String] {
    func refuse(_ why: String, _ code: DSXError.Code = .unsafeArchive) -> DSXError {
      DSXError(
        code, "the archive holds a member \(why): '\(escaped(name))'", file: archive,
        hint: "make the archive again with plain relative names")
    }
    let bytes = name.utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
    guard !bytes.isEmpty else { throw refuse("without a name") }
    guard !bytes.contains(0) else { throw refuse("with NUL in its name") }
    guard bytes[0] != UInt8(ascii: "/") else { throw refuse("with an absolute name") }
    if bytes.count >= 2, bytes[1] == UInt8(ascii: ":"), isLetter(bytes[0]) {
      throw refuse("with a drive in its name")
    }
    guard !name.unicodeScalars.contains(where: turnsDirection) else {
      throw refuse("with characters in its name that turn the direction of text")
    }
    var parts: [String] = []
    for part in bytes.split(separator: UInt8(ascii: "/")) {
      if part.elementsEqual(".".utf8) { continue }
      guard !part.elementsEqual("..".utf8) else { throw refuse("whose name leads out of it") }
      guard part.count <= maximumPartBytes else {
        throw refuse("with a name part over \(maximumPartBytes) bytes", .archiveLimit)
      }
      parts.append(String(decoding: part, as: UTF8.self))
      guard parts.count <= maximumParts else {
        throw refuse("more than \(maximumParts) folders deep", .archiveLimit)
      }
    }
    return parts
  }

  /// The bytes of the folder of a name (up to its last `/`, without it) that is normal as it stands: printable ASCII
  /// without `\` and `:`, no part empty, `.` or `..`, none too long; nil for any other name, which is
  /// looked at closely. Must never take what `parts` refuses or changes.
  static func folderOfPlain(_ name: String) -> Int? {
    let end = name.utf8.withContiguousStorageIfAvailable { bytes -> Int? in
      guard !bytes.isEmpty else { return nil }
      var (partStart, parts, lastSlash) = (0, 1, 0)
      for (index, byte) in bytes.enumerated() {
        if byte == UInt8(ascii: "/") {
          guard isPlainPart(bytes[partStart..<index]) else { return nil }
          (partStart, lastSlash) = (index + 1, index)
          parts += 1
        } else if byte < 0x20 || byte > 0x7e || byte == UInt8(ascii: "\\")
          || byte == UInt8(ascii: ":")
        {
          return nil
        }
      }
      guard parts <= maximumParts, isPlainPart(bytes[partStart...]) else { return nil }
      return lastSlash
    }
    return end ?? nil
  }

  private static func isPlainPart(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard (1...maximumPartBytes).contains(part.count) else { return false }
    let dots = part.count <= 2 && part.allSatisfy { $0 == UInt8(ascii: ".") }
    return !dots
  }

  /// A name as messages show it: control and direction characters as `\u{...}`, at most 200 characters.
  static func escaped(_ name: String) -> String {
    var text = ""
    var count = 0
    for scalar in name.unicodeScalars {
      count += 1
      if count > 200 { return text + "..." }
      if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || turnsDirection(scalar) {
        text += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
  private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
