internal import CTurboJPEG
public import DSXCore

/// The library that JPEG images are decoded with.
public enum ImageLibraries {
  /// libjpeg-turbo, which does not tell its version; whether a decoder can be made is tried.
  public static var linked: [LinkedLibrary] {
    let decoder = tjInitDecompress()
    defer { if let decoder { tjDestroy(decoder) } }
    return [
      LinkedLibrary(
        "libjpeg-turbo", running: nil, built: nil,
        problem: decoder == nil ? "no decoder can be made" : nil)
    ]
  }
}
