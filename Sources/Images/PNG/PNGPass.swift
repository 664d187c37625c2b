/// One pass over an image: every pixel, or those of one of the seven grids of Adam7.
struct PNGPass: Equatable {
  /// The first row and column, and the distances to the next ones.
  var top: Int
  var left: Int
  var down: Int
  var right: Int
  /// Rows and pixels a row.
  var height: Int
  var width: Int

  /// The passes of an image in the order of the file; those without pixels are no part of it.
  static func all(_ info: ImageInfo) -> [PNGPass] {
    guard info.isProgressive else {
      return [
        PNGPass(top: 0, left: 0, down: 1, right: 1, height: info.height, width: info.width)
      ]
    }
    let grids = [
      (0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
      (1, 0, 2, 1),
    ]
    return grids.map { top, left, down, right in
      PNGPass(
        top: top, left: left, down: down, right: right,
        height: max(0, (info.height - top + down - 1) / down),
        width: max(0, (info.width - left + right - 1) / right))
    }.filter { $0.height > 0 && $0.width > 0 }
  }

  /// Bytes of a row without its filter's number.
  func rowBytes(_ bitsPerPixel: Int) -> Int { (width * bitsPerPixel + 7) / 8 }
}
