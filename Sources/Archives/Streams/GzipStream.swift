internal import DSXCore

/// What a gzip file holds, all its members one after the other.
///
/// By zlib and not by libarchive, which (3.6.2) checks neither CRC nor length of gzip and takes any
/// damage after the first member for the end. Zero bytes after the last member are padding.
final class GzipStream: ByteSource {
  let name: String
  private let source: any ByteSource
  private let limits: ArchiveLimits
  private let inflater: Inflater
  private var input: InputBuffer
  private var produced = 0
  /// Whether a member is under way.
  private var isInside = false
  private var members = 0

  init(_ source: any ByteSource, limits: ArchiveLimits) throws(DSXError) {
    name = source.name
    self.source = source
    self.limits = limits
    inflater = try Inflater(isGzip: true, name: source.name)
    input = InputBuffer(source)
  }

  var consumed: Int { input.taken }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    while true {
      guard try input.fill() else {
        guard !isInside, members > 0 else { throw truncated() }
        return 0
      }
      if !isInside {
        guard try begin() else { continue }
      }
      var step: Result<Inflater.Step, DSXError> = .success(.init(used: 0, produced: 0, isEnd: true))
      input.withBytes { bytes in
        do throws(DSXError) {
          step = .success(try inflater.step(bytes, buffer))
        } catch { step = .failure(error) }
      }
      let done = try step.get()
      input.take(done.used)
      if done.isEnd { isInside = false }
      guard done.produced == 0 else {
        produced += done.produced
        try limits.check(produced: produced, consumed: input.taken, name: name)
        return done.produced
      }
      guard done.used > 0 || done.isEnd else { throw truncated() }
    }
  }

  /// At the border of two members: starts the next one, or takes padding; false for padding.
  private func begin() throws(DSXError) -> Bool {
    let (isPadding, count) = input.withBytes { bytes in (bytes[0] == 0, bytes.count) }
    if members > 0, isPadding {
      let zeros = input.withBytes { bytes in bytes.prefix { $0 == 0 }.count }
      input.take(zeros)
      guard zeros == count else { throw garbage() }
      return false
    }
    guard input.withBytes({ $0[0] == 0x1f }) else {
      throw members > 0
        ? garbage() : DSXError(.malformed, "this is no gzip data", file: name)
    }
    if members > 0 { inflater.reset() }
    members += 1
    isInside = true
    return true
  }

  private func truncated() -> DSXError {
    DSXError(
      .corrupt, "the gzip data ends too early", file: name, byte: input.taken,
      hint: "the file was cut: get it again")
  }

  private func garbage() -> DSXError {
    DSXError(
      .corrupt, "there is something else after the end of the gzip data", file: name,
      byte: input.taken, hint: "the file is damaged: get it again")
  }
}
