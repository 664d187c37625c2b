public import DSXCore

/// What the rows of one split are made from.
public enum SplitContent: Sendable {
  /// Table files, one after the other, with one schema for all.
  case tables([DataFile])
  /// Encoded images, with the class that each one's folder names.
  case images(ImageFolder)
  /// A MindRecord set, by the path of one of its files.
  case records(String)
  /// Values that were given in the program: one column of that name.
  case values([JSONValue], column: String)
  /// An archive or a folder that has no rows of its own: a custom data set of ModelScope.
  case custom(String)
}

/// Images with the classes that their folders name.
public struct ImageFolder: Sendable {
  /// One image.
  public struct Item: Sendable {
    /// Where it lies.
    public let file: DataFile
    /// The number of its class in `classes`; 0 where there are none.
    public let label: Int
  }

  /// The images, sorted by the bytes of their names.
  public let items: [Item]
  /// The classes over all splits, sorted by bytes; empty when the folders tell none.
  public let classes: [String]

  /// Images with their classes.
  public init(items: [Item], classes: [String]) {
    self.items = items
    self.classes = classes
  }

  /// Image folders of several splits, as Hugging Face's `imagefolder` reads them: an image's class is the
  /// folder that it lies in. There are classes when all images lie equally deep and more than one folder
  /// holds them. Files that are no images are left out.
  static func read(_ splits: [(split: String, names: [String])], _ tree: FileTree)
    -> [(split: String, folder: ImageFolder)]
  {
    var classes: Set<String> = []
    var depths: Set<Int> = []
    func isImage(_ name: String) -> Bool { FileKind(fileName: name) == .image }
    func parts(_ name: String) -> (depth: Int, folder: String) {
      let parts = name.utf8.split(separator: UInt8(ascii: "/"))
      guard parts.count > 1 else { return (0, "") }
      return (parts.count - 1, String(decoding: parts[parts.count - 2], as: UTF8.self))
    }
    for (_, names) in splits {
      for name in names where isImage(name) {
        let (depth, folder) = parts(name)
        depths.insert(depth)
        classes.insert(folder)
      }
    }
    let hasClasses = classes.count > 1 && depths.count == 1
    let sorted =
      hasClasses ? classes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } : []
    var numbers: [String: Int] = [:]
    for (number, name) in sorted.enumerated() { numbers[name] = number }
    return splits.map { split, names in
      let items = names.filter(isImage).map { name in
        Item(file: tree.file(name), label: numbers[parts(name).folder] ?? 0)
      }
      return (split, ImageFolder(items: items, classes: sorted))
    }
  }
}
