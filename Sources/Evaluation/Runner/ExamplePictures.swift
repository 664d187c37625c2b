internal import DSXCore
internal import Datasets
internal import Images
internal import Reports

/// Small pictures of the images that a report shows.
enum ExamplePictures {
  /// The longer side, in pixels: 20 of them in a page stay under 100 kB.
  private static let side = 32

  /// The image of a row as a small PNG file in base64; nil for data without images, and for one that cannot
  /// be decoded: the example's own line says that.
  static func picture(_ dataset: MsDataset, row: Int) -> String? {
    guard case .images(let folder) = dataset.content, folder.items.indices.contains(row),
      let bytes = try? MsDataset.bytes(of: folder.items[row].file),
      var image = try? ImageDecoder().decode(bytes, name: "the image")
    else { return nil }
    let scale = min(1, Double(side) / Double(max(image.width, image.height, 1)))
    let width = max(1, Int(Double(image.width) * scale))
    let height = max(1, Int(Double(image.height) * scale))
    if scale < 1 {
      guard let small = try? ImageResizer().resize(image, width: width, height: height) else {
        return nil
      }
      image = small
    }
    return Picture.base64(PNGEncoder.encode(image))
  }
}
