internal import Archives
internal import DSXCore

/// The texts of one input, one after the other: the file itself, what it holds compressed, or the
/// members of an archive.
///
/// Members are read when their name ends like a text's (`.txt .jsonl .json .csv .tsv`), or all of them
/// when `--input-format` names the content; hidden ones (a part of the name begins with a dot or is
/// `__MACOSX`) never are. Archives inside of archives are not opened. Members that are not read are
/// counted. Zip members come in the order of their names' bytes, tar members as they lie in the archive.
struct InputContents {
  /// One text.
  struct Text {
    var source: any ByteSource
    /// Its name inside of the archive; nil for a file that is none.
    var member: String?
    var content: InputFormat.Content
  }

  private enum Container {
    case single(Text?)
    case zip(ZipArchive, next: Int, done: Int)
    case tar(TarReader)
  }

  private let file: InputFile
  private let format: InputFormat
  private var container: Container
  private var current: (any ByteSource)?
  private var taken = 0
  /// Members that were passed over.
  private(set) var skippedMembers = 0

  /// Opens an input. Throws `malformed`, saying what is there, for a file that is not what its name
  /// says, and what the readers of `Archives` throw.
  init(_ file: InputFile, _ format: InputFormat, _ limits: ArchiveLimits) throws(DSXError) {
    self.file = file
    self.format = format
    let source = try file.open()
    let content = format.content ?? .text
    switch format.container {
    case .plain:
      container = .single(Text(source: source, member: nil, content: content))
    case .compressed(let compression):
      try Self.check(source, compression, "\(compression)")
      container = .single(
        Text(source: try compression.open(source, limits: limits), member: nil, content: content))
    case .zip:
      container = .zip(try ZipArchive(source, limits: limits), next: 0, done: 0)
    case .tar(let compression):
      if let compression {
        try Self.check(source, compression, "\(compression)")
        container = .tar(
          try TarReader(try compression.open(source, limits: limits), limits: limits))
      } else {
        let start = try source.bytes(at: 0, count: min(source.size, Magic.length))
        if let found = Magic.of(start), found != .tar {
          throw DSXError(
            .malformed, "the name says tar, but the file holds \(found.rawValue)",
            file: source.name,
            hint: "rename it, or say what it is with --input-format")
        }
        container = .tar(try TarReader(source, limits: limits))
      }
    }
  }

  /// Bytes of the file on disk that were used so far.
  var consumed: Int {
    switch container {
    case .single: current?.consumed ?? 0
    case .zip(_, _, let done): done + (current?.consumed ?? 0)
    case .tar(let reader): reader.consumed
    }
  }

  /// The next text; nil after the last. Throws `malformed` at the end of an archive without any text.
  mutating func next() throws(DSXError) -> Text? {
    switch container {
    case .single(let text):
      guard let text else { return nil }
      current = text.source
      container = .single(nil)
      return text
    case .zip(let archive, let next, let done):
      let before = done + (current?.consumed ?? 0)
      current = nil
      var index = next
      while index < archive.members.count {
        let member = archive.members[index]
        index += 1
        guard let content = content(of: member.name) else { continue }
        let source = try archive.open(member)
        current = source
        container = .zip(archive, next: index, done: before)
        return Text(source: source, member: member.name, content: content)
      }
      container = .zip(archive, next: index, done: before)
    case .tar(let reader):
      while let member = try reader.next() {
        guard let content = content(of: member.name) else { continue }
        return Text(source: reader, member: member.name, content: content)
      }
    }
    guard taken > 0 else {
      throw DSXError(
        .malformed, "the archive holds no text", file: file.path,
        hint: skippedMembers == 0
          ? "it has no members"
          : "members named .txt .jsonl .json .csv .tsv are read; --input-format names the content "
            + "of all")
    }
    return nil
  }

  private mutating func content(of member: String) -> InputFormat.Content? {
    let isHidden = member.utf8.split(separator: UInt8(ascii: "/")).contains {
      $0.first == UInt8(ascii: ".") || $0.elementsEqual("__MACOSX".utf8)
    }
    let found = isHidden ? nil : format.content ?? InputFormat.content(ofMember: member)
    if found == nil { skippedMembers += 1 } else { taken += 1 }
    return found
  }

  /// Compares what a file's name says with its first bytes.
  private static func check(_ source: FileSource, _ compression: Compression, _ name: String)
    throws(DSXError)
  {
    let start = try source.bytes(at: 0, count: min(source.size, Magic.length))
    let found = Magic.of(start)
    guard !start.isEmpty, found?.rawValue != name else { return }
    throw DSXError(
      .malformed,
      "the name says \(name), but the file holds "
        + (found.map { "\($0.rawValue)" } ?? "something else, perhaps text"), file: source.name,
      hint: "rename it, or say what it is with --input-format")
  }

  /// Refuses a text that begins as a packed or binary file does.
  static func checkText(_ start: ArraySlice<UInt8>, _ name: String) throws(DSXError) {
    guard let found = Magic.of(Array(start.prefix(Magic.length))) else { return }
    switch found {
    case .utf16:
      throw DSXError(
        .malformed, "the text is UTF-16, not UTF-8", file: name, byte: 0,
        hint: "convert it first: iconv -f UTF-16 -t UTF-8")
    default:
      throw DSXError(
        .malformed, "a text was expected, but the file holds \(found.rawValue) data", file: name,
        byte: 0, hint: "rename it (.gz .zst .xz .bz2 .zip .tar), or use --input-format")
    }
  }
}
