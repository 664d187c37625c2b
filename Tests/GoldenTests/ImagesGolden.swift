import DSXCore
import Images
import Kernels

/// `datasets/image`: a case is an image file, what is expected of it, and what Pillow, djpeg and OpenCV
/// made of it.
///
/// `ok`: it is decoded; without the orientation the RGB bytes have the SHA-256 that Pillow's have (where
/// Pillow refuses it, djpeg's), with it the size is OpenCV's. `ok-with-warning`: the decoder says so too.
/// `error:KIND`: an input error of that kind. `ok-with-warning or error`, `error or ok`: either of them.
enum ImagesGolden {
  @Sendable static func walk(_ run: GoldenRun) throws {
    let folder = run.path("image")
    guard FilePath.isFolder(folder) else { return }
    for name in try FilePath.list(folder).sorted() where name.hasSuffix(".json") {
      let value = try run.json("image/" + name)
      guard let file = value["file"]?.string, let expected = value["expected"]?.string else {
        continue
      }
      guard FilePath.exists(run.path("image/" + file)) else {
        run.skip("image", file)
        continue
      }
      run.check("image", file) { try check(run.path("image/" + file), expected, value) }
    }
  }

  /// What is wrong; nil when the case passes.
  private static func check(_ path: String, _ expected: String, _ value: JSONValue) throws -> String? {
    var options = ImageOptions()
    options.appliesOrientation = false
    let decoder = ImageDecoder(options)
    let either = expected.hasPrefix("error or ok") || expected.hasPrefix("ok-with-warning or error")
    let image: Image
    do throws(DSXError) {
      image = try decoder.decode(path: path)
    } catch {
      guard error.code.exitCode == .badInput, error.location.file == path, error.hint != nil else {
        return "threw \(error)"
      }
      if either { return nil }
      guard expected.hasPrefix("error:") else { return "threw \(error)" }
      let kind = expected.dropFirst(6).prefix { $0 != " " }
      let isRight =
        switch kind {
        case "limit": error.code == .imageLimit
        case "not-an-image": error.code == .notAnImage
        case "crc": error.code == .corrupt && error.message.contains("checksum")
        case "truncated": error.code == .corrupt && error.message.contains("cut")
        default: true
        }
      return isRight ? nil : "threw \(error)"
    }
    guard expected.hasPrefix("ok") || either else { return "was decoded" }
    let mustWarn = expected.hasPrefix("ok-with-warning")
    guard mustWarn == (decoder.warning != nil) else {
      return "the warning is \(decoder.warning ?? "none")"
    }
    if let fault = difference(image, value) { return fault }
    guard let theirs = value["opencv_5.0.0"], let width = theirs["w"]?.int,
      let height = theirs["h"]?.int
    else { return nil }
    let upright = try ImageDecoder().decode(path: path)
    let info = try ImageInfo(path: path)
    guard upright.width == width, upright.height == height,
      info.uprightSize == (width, height)
    else { return "\(upright.width) x \(upright.height), OpenCV has \(width) x \(height)" }
    return nil
  }

  private static func difference(_ image: Image, _ value: JSONValue) -> String? {
    guard let theirs = value.object?.first(where: { $0.name.hasPrefix("pillow_") })?.value else {
      return nil
    }
    if let sha256 = theirs["rgb_sha256"]?.string {
      guard theirs["w"]?.int == image.width, theirs["h"]?.int == image.height else {
        return "the size is \(image.width) x \(image.height)"
      }
      let own = digest(image.pixels)
      return own == sha256 ? nil : "the pixels differ from Pillow's: \(image.pixels.prefix(12))"
    }
    let djpeg = value.object?.first { $0.name.hasPrefix("djpeg_") }?.value
    guard let sha256 = djpeg?["ppm_sha256"]?.string else { return nil }
    let head = Array("P6\n\(image.width) \(image.height)\n255\n".utf8)
    return digest(head + image.pixels) == sha256 ? nil : "the pixels differ from djpeg's"
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    var hash = SHA256(blocks: dsx_sha256_blocks)
    hash.update(bytes)
    return hash.hexDigest()
  }
}
