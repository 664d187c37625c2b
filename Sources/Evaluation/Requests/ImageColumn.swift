internal import DSXCore
internal import Datasets
internal import Images

/// Where the images of a data set are: encoded or as pixels in its rows, or in the files of its archive or
/// folder that a column `image:FILE` names.
struct ImageColumn {
  let name: String
  private let files: ArchiveReader?

  /// The names that are looked for.
  static let names = ["image", "image:FILE", "img"]

  /// Throws `unsupported` for a data set without images, and for a column of other paths: such files are no
  /// part of the data set, and may change without it.
  init(_ dataset: MsDataset) throws(DSXError) {
    let fields = try ExampleReader.columns(dataset)
    guard let field = Self.names.lazy.compactMap({ name in fields.first { $0.name == name } }).first
    else {
      throw DSXError(
        .unsupported, "the data set has no images", file: dataset.table,
        hint: "its columns: " + fields.map(\.name).joined(separator: ", ")
          + "; images lie in a folder or zip as CLASS/FILE, or in a column 'image'")
    }
    name = field.name
    guard field.type == .string, !field.isNested else {
      files = nil
      return
    }
    guard dataset.owns(field) else {
      throw DSXError(
        .unsupported, "the column '\(name)' names files that are no part of the data set",
        file: dataset.table,
        hint:
          "lay the images out as CLASS/FILE in a folder or zip, or name the column 'image:FILE' "
          + "in a data set with an archive; 'dsx predict' takes paths, and "
          + "'dsx eval --predictions' scores its lines")
    }
    files = ArchiveReader()
  }

  /// The image of an example.
  func image(of example: Example) throws(DSXError) -> RowImage {
    if let image = example.pixels[name] { return RowImage(image, name: example.source) }
    if let bytes = example.bytes[name], !bytes.isEmpty {
      return RowImage(bytes, name: example.source)
    }
    if let image = example.values[name].flatMap({ Image($0) }) {
      return RowImage(image, name: example.source)
    }
    guard let files, let location = example.text(name), !location.isEmpty else {
      throw DSXError(.malformed, "the row has no image in '\(name)'")
    }
    return RowImage(try files.bytes(of: DataFile(location: location)), name: location)
  }
}
