import CTurboJPEG
import DSXCore
import Testing

@testable import Images

@Suite struct JPEGTests {
  /// A JPEG file of a smooth picture, by libturbojpeg.
  static func written(
    _ width: Int, _ height: Int, sampling: Int32 = Int32(TJSAMP_420.rawValue), flags: Int32 = 0
  ) -> [UInt8] {
    let pixels = (0..<width * height).flatMap { index -> [UInt8] in
      let (x, y) = (index % width, index / width)
      return [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8((x * y) & 255)]
    }
    let handle = tjInitCompress()
    defer { tjDestroy(handle) }
    var data: UnsafeMutablePointer<UInt8>?
    var size: UInt = 0
    guard
      tjCompress2(
        handle, pixels, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &data, &size,
        sampling, 85, flags) == 0, let data
    else { return [] }
    defer { tjFree(data) }
    return Array(UnsafeBufferPointer(start: data, count: Int(size)))
  }

  private func code(_ file: [UInt8], _ decoder: ImageDecoder = ImageDecoder()) -> String {
    do {
      _ = try decoder.decode(file, name: "made")
      return decoder.warning == nil ? "ok" : "warning"
    } catch { return error.code.name }
  }

  @Test func heads() throws {
    let file = Self.written(33, 20, flags: TJFLAG_PROGRESSIVE)
    let info = try file.withUnsafeBytes { try ImageInfo($0, name: "made") }
    #expect(info.format == .jpeg && info.width == 33 && info.height == 20 && info.bits == 8)
    #expect(info.isProgressive && info.colour == .rgb && info.channels == 3)
    #expect(info.orientation == 1 && info.uprightSize == (33, 20))
    let grey = Self.written(8, 8, sampling: Int32(TJSAMP_GRAY.rawValue))
    #expect(try grey.withUnsafeBytes { try ImageInfo($0, name: "made") }.colour == .grey)
  }

  /// A baseline file cut anywhere is an error, but for its end marker, of which it is told.
  @Test func cutAnywhere() {
    let file = Self.written(40, 24)
    for end in 0..<file.count - 2 { #expect(code(Array(file[..<end])) != "ok", "cut at \(end)") }
    for end in file.count - 2..<file.count { #expect(code(Array(file[..<end])) == "warning") }
    // What decodes with a warning lacks nothing of the picture.
    let whole = try? ImageDecoder().decode(file, name: "made")
    for end in 0..<file.count {
      guard let image = try? ImageDecoder().decode(Array(file[..<end]), name: "made") else {
        continue
      }
      #expect(image == whole, "cut at \(end)")
    }
    #expect(code(file + Array("more".utf8)) == "ok")
    // A progressive one that lacks its end may lack whole scans.
    let progressive = Self.written(40, 24, flags: TJFLAG_PROGRESSIVE)
    #expect(code(progressive) == "ok")
    for end in 0..<progressive.count {
      #expect(code(Array(progressive[..<end])) == "corrupt" || end < 3)
    }
  }

  /// Any one byte changed: an image or an error, never a crash, and never other memory than its own.
  @Test func damagedAnywhere() {
    let decoder = ImageDecoder()
    for file in [Self.written(24, 16), Self.written(24, 16, flags: TJFLAG_PROGRESSIVE)] {
      for place in file.indices {
        for change: UInt8 in [0x01, 0x80, 0xff] {
          var damaged = file
          damaged[place] ^= change
          guard let image = try? decoder.decode(damaged, name: "made") else { continue }
          #expect(image.pixels.count == image.width * image.height * 3)
        }
      }
    }
  }

  @Test func kindsThatAreNotRead() {
    var file = Self.written(8, 8)
    let frame = file.indices.first { file[$0] == 0xff && file[$0 + 1] == 0xc0 } ?? 0
    func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
      var copy = file
      copy[frame + offset] = value
      return copy
    }
    #expect(code(changed(1, 0xc3)) == "unsupported")
    #expect(code(changed(4, 12)) == "unsupported")
    #expect(code(changed(9, 2)) == "unsupported")
    #expect(code(changed(6, 0)) == "unsupported")
    #expect(code(changed(8, 0)) == "corrupt")
    #expect(code([]) == "not-an-image")
    #expect(code(Array("<html></html>".utf8)) == "not-an-image")
    #expect(code([0xff, 0xd8, 0xff]) == "corrupt")
    #expect(code([0xff, 0xd8, 0xff, 0xd9]) == "corrupt")
    // 60,000 x 60,000 pixels.
    for (offset, value) in [(5, 0xea), (6, 0x60), (7, 0xea), (8, 0x60)] {
      file[frame + offset] = UInt8(value)
    }
    #expect(code(file) == "image-limit")
  }

  @Test func reducedSizes() throws {
    var options = ImageOptions()
    options.reducedSide = 10
    func size(_ width: Int, _ height: Int) throws -> [Int] {
      let image = try ImageDecoder(options).decode(Self.written(width, height), name: "made")
      return [image.width, image.height]
    }
    #expect(try size(19, 40) == [19, 40])
    #expect(try size(21, 40) == [11, 20])
    #expect(try size(161, 90) == [21, 12])
    #expect(try size(90, 161) == [12, 21])
  }

  @Test func files() throws {
    #expect(throws: DSXError.self) { try ImageDecoder().decode(path: "/no/such/file.jpg") }
    #expect(throws: DSXError.self) { try ImageDecoder().decode(path: "/tmp") }
  }
}
