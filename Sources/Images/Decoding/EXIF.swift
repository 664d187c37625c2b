/// The one tag of EXIF that changes how pixels are shown.
///
/// ```
/// 0  2  "II" little-endian, "MM" big-endian     directory: count (2), entries of 12 bytes:
/// 2  2  42                                         0  2  tag (0x0112 orientation)   4  4  count
/// 4  4  place of the first directory               2  2  type (3: two bytes)        8  4  value
/// ```
enum EXIF {
  /// The orientation, 1 to 8, in a TIFF file; nil where it states none, or anything is wrong with it:
  /// EXIF is no part of the image.
  static func orientation(_ tiff: UnsafeRawBufferPointer) -> Int? {
    guard tiff.count >= 8, tiff[0] == tiff[1], tiff[0] == 0x49 || tiff[0] == 0x4d else {
      return nil
    }
    let isLittle = tiff[0] == 0x49
    func two(_ at: Int) -> Int {
      isLittle ? Int(tiff[at]) | Int(tiff[at + 1]) << 8 : big16(tiff, at)
    }
    func four(_ at: Int) -> Int {
      isLittle ? two(at) | two(at + 2) << 16 : big32(tiff, at)
    }
    guard two(2) == 42 else { return nil }
    let directory = four(4)
    guard directory <= tiff.count - 2 else { return nil }
    for number in 0..<two(directory) {
      let entry = directory + 2 + number * 12
      guard entry + 12 <= tiff.count else { return nil }
      guard two(entry) == 0x0112 else { continue }
      let value = two(entry + 2) == 3 ? two(entry + 8) : two(entry + 2) == 4 ? four(entry + 8) : 0
      return (1...8).contains(value) ? value : nil
    }
    return nil
  }
}
