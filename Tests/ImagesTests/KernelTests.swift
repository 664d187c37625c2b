import DSXCore
import Kernels
import Testing

@testable import Images

/// The quick loops give the bytes of the plain ones.
@Suite struct KernelTests {
  @Test func filters() {
    var generator = PCG64(seed: 3)
    for round in 0..<400 {
      let step = [1, 2, 3, 4, 6, 8][round % 6]
      let count = step * Int(1 + generator.bounded(40)) - (round % 50 == 0 && step > 1 ? 1 : 0)
      func row() -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) } }
      let (source, above) = (row(), row())
      for filter in Int32(0)...4 {
        for hasAbove in [true, false] {
          var quick = [UInt8](repeating: 0, count: count)
          var plain = quick
          var inPlace = source
          above.withUnsafeBufferPointer { above in
            let base = hasAbove ? above.baseAddress : nil
            dsx_png_unfilter(filter, step, source, base, &quick, count)
            dsx_png_unfilter_scalar(filter, step, source, base, &plain, count)
            inPlace.withUnsafeMutableBufferPointer {
              dsx_png_unfilter(filter, step, $0.baseAddress, base, $0.baseAddress, count)
            }
          }
          #expect(quick == plain && inPlace == plain, "filter \(filter), \(step) bytes a pixel")
        }
      }
    }
  }

  @Test func resizes() throws {
    var generator = PCG64(seed: 4)
    let (quick, plain) = (ImageResizer(), ImageResizer(isPlain: true))
    for round in 0..<150 {
      let channels = round % 4 == 0 ? 1 : 3
      let (width, height) = (1 + Int(generator.bounded(60)), 1 + Int(generator.bounded(40)))
      let extreme = round % 5 == 0
      let image = Image(
        width: width, height: height, channels: channels,
        pixels: (0..<width * height * channels).map { _ in
          let value = UInt8(truncatingIfNeeded: generator.next())
          return extreme ? (value < 128 ? 0 : 255) : value
        })
      let (toWidth, toHeight) = (1 + Int(generator.bounded(70)), 1 + Int(generator.bounded(50)))
      for filter in ResampleFilter.allCases {
        let one = try quick.resize(image, width: toWidth, height: toHeight, filter)
        let other = try plain.resize(image, width: toWidth, height: toHeight, filter)
        #expect(one == other, "\(width)x\(height) to \(toWidth)x\(toHeight) \(filter)")
        #expect(one.width == toWidth && one.height == toHeight)
      }
    }
  }
}
