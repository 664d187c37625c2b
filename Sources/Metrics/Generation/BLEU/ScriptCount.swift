/// Letters of Chinese and of other scripts.
struct ScriptCount {
  private(set) var chinese = 0
  private(set) var other = 0

  init(_ texts: [String]) {
    for text in texts {
      var text = text
      text.withUTF8 { count(UnsafeRawBufferPointer($0)) }
    }
  }

  /// Ideographs against ASCII letters and all else above Latin-1's signs; neither digits nor
  /// punctuation.
  private mutating func count(_ text: UnsafeRawBufferPointer) {
    var index = 0
    while index < text.count {
      let (scalar, length) = Scalars.read(text, index)
      switch scalar {
      case 0x41...0x5a, 0x61...0x7a: other += 1
      case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3ffff: chinese += 1
      case 0xc0...0x1fff, 0x3040...0x30ff, 0xac00...0xd7a3: other += 1
      default: break
      }
      index += length
    }
  }
}
