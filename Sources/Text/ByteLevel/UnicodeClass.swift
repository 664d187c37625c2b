/// The four classes of code points that GPT-2's splitting pattern tells apart (Unicode 16.0).
enum UnicodeClass: UInt8 {
  /// Neither letter, number nor white space.
  case other = 0
  /// `\p{L}`
  case letter = 1
  /// `\p{N}`
  case number = 2
  /// `\s`: White_Space.
  case space = 3

  /// White space: pairs of first code point and count.
  static let spaceRuns: [UInt32] = [
    0x9, 5, 0x20, 1, 0x85, 1, 0xa0, 1, 0x1680, 1, 0x2000, 11, 0x2028, 2, 0x202f, 1, 0x205f, 1,
    0x3000, 1,
  ]
}

/// A table of the classes of all code points: two levels, blocks of 256, equal blocks shared.
///
/// About 60 KB, built from the runs in well under a millisecond, once for a process.
final class UnicodeClassTable: Sendable {
  /// The one table.
  static let shared = UnicodeClassTable()

  /// For code point c: `classes[Int(blocks[c >> 8]) << 8 | c & 255]`.
  private let blocks: [UInt16]
  private let classes: [UInt8]

  private init() {
    let blockCount = 0x110000 >> 8
    // Blocks 0...3 are those of one class only; most of the code space lies in one of them.
    var classes = (0..<4).flatMap { [UInt8](repeating: $0, count: 256) }
    var blocks = [UInt16](repeating: 0, count: blockCount)
    func mark(_ runs: [UInt32], _ kind: UnicodeClass) {
      for index in stride(from: 0, to: runs.count - 1, by: 2) {
        var at = Int(runs[index])
        let end = at + Int(runs[index + 1])
        while at < end {
          let block = at >> 8
          let stop = min(end, (block + 1) << 8)
          if stop - at == 256 {
            blocks[block] = UInt16(kind.rawValue)
          } else {
            if blocks[block] < 4 {
              let uniform = UInt8(blocks[block])
              blocks[block] = UInt16(classes.count >> 8)
              classes.append(contentsOf: repeatElement(uniform, count: 256))
            }
            let base = Int(blocks[block]) << 8
            for code in at..<stop { classes[base | code & 255] = kind.rawValue }
          }
          at = stop
        }
      }
    }
    mark(UnicodeClass.letterRuns, .letter)
    mark(UnicodeClass.numberRuns, .number)
    mark(UnicodeClass.spaceRuns, .space)
    self.blocks = blocks
    self.classes = classes
  }

  /// The class of a code point below 0x110000, as `UnicodeClass.rawValue`.
  @inline(__always)
  func rawClass(_ code: UInt32) -> UInt8 {
    classes[Int(blocks[Int(code >> 8)]) << 8 | Int(code & 255)]
  }
}
