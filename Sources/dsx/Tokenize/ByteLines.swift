internal import Archives
internal import DSXCore
internal import Glibc

/// The lines of a file or of standard input, cut at line feeds only, without holding more than one
/// line and one block in memory.
struct ByteLines {
  private let descriptor: Int32
  private let name: String
  private var block: [UInt8] = []
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  private var number = 0
  private var offset = 0

  /// Opens `path`; standard input when it is nil.
  init(path: String?) throws(DSXError) {
    name = path ?? "standard input"
    guard let path else {
      descriptor = STDIN_FILENO
      return
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DSXError.opening(path) }
  }

  /// Refuses what begins like a packed or foreign file: its bytes would be told as bad text.
  private func checkIsText(_ first: [UInt8]) throws(DSXError) {
    guard let magic = Magic.of(first) else { return }
    let programs: [Magic: String] = [
      .gzip: "gzip -dc", .zstd: "zstd -dc", .xz: "xz -dc", .bzip2: "bzip2 -dc", .zip: "unzip -p",
      .tar: "tar -xOf", .utf16: "iconv -f UTF-16 -t UTF-8",
    ]
    let what = magic == .utf16 ? magic.rawValue : "\(magic.rawValue) data"
    throw DSXError(
      .unsupported, "it holds \(what) and not text in UTF-8", file: name,
      hint: programs[magic].map { "unpack it on the way: \($0) FILE | dsx tokenize ..." })
  }

  /// Closes the file; standard input stays open.
  func close() { if descriptor != STDIN_FILENO { _ = Glibc.close(descriptor) } }

  /// Hands the next line, its number (from 1) and its byte offset to `body`; false at the end.
  ///
  /// A last line without a line feed is a line; nothing behind the last line feed is none. The errors
  /// of `body` get the file's name. `beforeWaiting` is called when there is no whole line and a read would
  /// wait, as for a pipe whose writer pauses.
  mutating func next(
    _ body: (UnsafeRawBufferPointer, Int, Int) throws(DSXError) -> Void,
    beforeWaiting: () -> Void = {}
  ) throws(DSXError) -> Bool {
    var searched = start
    while true {
      if let feed = find(from: searched) {
        try hand(feed, body)
        start = feed + 1
        offset += 1
        return true
      }
      searched = end
      if isAtEnd {
        guard start < end else { return false }
        try hand(end, body)
        start = end
        return true
      }
      let moved = start
      if wouldWait { beforeWaiting() }
      try fill()
      searched -= moved - start
    }
  }

  private func find(from first: Int) -> Int? {
    block.withUnsafeBytes { bytes in
      guard first < end, let base = bytes.baseAddress,
        let hit = memchr(base + first, 0x0a, end - first)
      else { return nil }
      return UnsafeRawPointer(hit) - base
    }
  }

  private mutating func hand(
    _ stop: Int, _ body: (UnsafeRawBufferPointer, Int, Int) throws(DSXError) -> Void
  ) throws(DSXError) {
    number += 1
    var failure: DSXError?
    block.withUnsafeBytes { bytes in
      do throws(DSXError) {
        try body(UnsafeRawBufferPointer(rebasing: bytes[start..<stop]), number, offset)
      } catch { failure = error }
    }
    if let failure { throw failure.inFile(name) }
    offset += stop - start
  }

  /// Whether a read would wait now; never so for a regular file.
  private var wouldWait: Bool {
    var query = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&query, 1, 0) == 0
  }

  /// Moves the unfinished line to the front and reads behind it.
  private mutating func fill() throws(DSXError) {
    if start > 0 {
      block.replaceSubrange(0..<(end - start), with: Array(block[start..<end]))
      end -= start
      start = 0
    }
    if block.count - end < 1 << 16 {
      block.append(contentsOf: repeatElement(0, count: max(1 << 16, block.count)))
    }
    let room = block.count - end
    var count = 0
    repeat {
      count = block.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return 0 }
        return read(descriptor, base + end, room)
      }
    } while count < 0 && errno == EINTR
    guard count >= 0 else { throw DSXError.system("cannot read", file: name) }
    isAtEnd = count == 0
    end += count
    if number == 0, offset == 0, end == count {
      try checkIsText(Array(block[..<min(count, Magic.length)]))
    }
  }
}
