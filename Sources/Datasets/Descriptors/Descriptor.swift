public import DSXCore

/// A legacy MsDataset descriptor, `<name>.json`: subset -> split -> {meta, file, args, custom}.
///
/// Source: ModelScope's dataset documentation and modelscope 1.9.5, unchanged.
public struct Descriptor: Sendable {
  /// One split's members.
  public struct Split: Sendable {
    /// `train`, `validation`, `test`, ...
    public var name: String
    /// The table of the split (CSV or JSON lines), relative; empty when it has none.
    public var meta: String
    /// The archive or folder of the split's files, relative; empty when it has none.
    public var file: String
    /// What is handed on to the loader and to the task.
    public var args: [JSONValue.Member]
  }

  /// One subset's splits, in the order written.
  public struct Subset: Sendable {
    /// Its name.
    public var name: String
    /// Its splits. Those with neither `meta` nor `file` are dropped, as MsDataset does.
    public var splits: [Split]
  }

  /// The file it was read from.
  public let path: String
  /// The subsets, in the order written.
  public let subsets: [Subset]

  /// Reads a descriptor. Throws `malformed` with the file and what is wrong.
  public init(path: String) throws(DSXError) {
    self.path = path
    let value = try JSONParser.parse(file: path)
    func fault(_ message: String) -> DSXError {
      DSXError(
        .malformed, message, file: path,
        hint: "a descriptor is {subset: {split: {\"meta\": ..., \"file\": ..., \"args\": {...}}}}")
    }
    guard let members = value.object else { throw fault("the descriptor is not a JSON object") }
    guard !members.isEmpty else { throw fault("the descriptor has no subset") }
    var subsets: [Subset] = []
    for member in members {
      guard let splits = member.value.object else {
        throw fault("the subset '\(member.name)' is not a JSON object")
      }
      var kept: [Split] = []
      for split in splits {
        let place = "the split '\(split.name)' of the subset '\(member.name)'"
        guard let fields = split.value.object else { throw fault("\(place) is not a JSON object") }
        for field in fields where !["meta", "file", "args", "custom"].contains(field.name) {
          throw fault("\(place) has an unknown member '\(field.name)'")
        }
        func text(_ name: String) throws(DSXError) -> String {
          guard let value = split.value[name], !value.isNull else { return "" }
          guard let text = value.string else {
            throw fault("'\(name)' in \(place) is not a string")
          }
          return text
        }
        let meta = try text("meta")
        let file = try text("file")
        if meta.isEmpty && file.isEmpty { continue }
        var args: [JSONValue.Member] = []
        if let value = split.value["args"], !value.isNull {
          guard let object = value.object else { throw fault("'args' in \(place) is no object") }
          args = object
        }
        kept.append(Split(name: split.name, meta: meta, file: file, args: args))
      }
      subsets.append(Subset(name: member.name, splits: kept))
    }
    self.subsets = subsets
  }
}
