internal import Archives
public import DSXCore
public import Jobs
internal import Kernels

extension InputFile {
  /// What the plan keeps of the file: name, size and the SHA-256 of its bytes as they are on disk.
  ///
  /// Reads the whole file. Throws `io` when it cannot be read or is not what it was at planning.
  public func fingerprint() throws(DSXError) -> FileFingerprint {
    let source = try open()
    var hash = SHA256(blocks: dsx_sha256_blocks)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(max(size, 1), 1 << 20), alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let got = try source.read(into: buffer)
      guard got > 0 else { break }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
    }
    return FileFingerprint(name: name, size: size, sha256: hash.hexDigest())
  }

  /// The fingerprints of all files, in order, read by up to `workers` threads. The first file in order
  /// that cannot be read is the error, whoever found it.
  public static func fingerprints(
    _ files: [InputFile], workers: Int = 1,
    progress: (@Sendable (_ bytes: Int) -> Void)? = nil
  ) throws(DSXError) -> [FileFingerprint] {
    let results = Lock<[Result<FileFingerprint, DSXError>?]>(
      Array(repeating: nil, count: files.count))
    FanOut.run(count: files.count, workers: workers) { source in
      while let index = source.take() {
        let result: Result<FileFingerprint, DSXError>
        do throws(DSXError) {
          result = .success(try files[index].fingerprint())
        } catch { result = .failure(error) }
        results.withLock { $0[index] = result }
        progress?(files[index].size)
        // What comes after an error is not worth reading.
        if case .failure = result { return }
      }
    }
    var fingerprints: [FileFingerprint] = []
    fingerprints.reserveCapacity(files.count)
    for result in results.withLock({ $0 }) {
      guard let result else { break }
      fingerprints.append(try result.get())
    }
    guard fingerprints.count == files.count else {
      throw DSXError(.internal, "an input was not hashed")
    }
    return fingerprints
  }
}
