internal import DSXCore

/// What turns one line into words or ids. One copy works on one thread.
protocol LineTokenizer {
  /// Appends what stands for `line` (valid UTF-8, without its line feed), without a line feed.
  mutating func append(_ line: UnsafeRawBufferPointer, to output: inout [UInt8]) throws(DSXError)
}
