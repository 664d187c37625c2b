public import DSXCore

/// The whole tensors of a model from the parts of tensor-parallel ranks, by rules on their names.
public struct RuleMerge: Sendable {
  /// The whole tensors by name, sorted.
  public let tensors: [(name: String, recipe: TensorRecipe)]

  /// Checks that every rank from 0 to the last is there, holds the same names, and that the parts fit.
  ///
  /// - Parameter cuts: how each tensor was cut; nil for whole.
  /// Throws `missingFile` for a missing rank, `corrupt` naming the tensor for a part that is missing or
  /// does not fit and for copies that differ.
  public init(
    _ files: RankFiles, trustsCopies: Bool = false, cuts: (String) -> ShardRules.Cut?
  ) throws(DSXError) {
    let ranks = files.ranks
    guard ranks == Array(0..<ranks.count) else {
      let missing = (0..<(ranks.last ?? 0)).first { !ranks.contains($0) } ?? 0
      throw DSXError(
        .missingFile, "the weights of rank \(missing) are missing", file: files.folder)
    }
    let held = ranks.map { files.entries($0) }
    let names = Set(held.flatMap(\.keys))
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var tensors: [(name: String, recipe: TensorRecipe)] = []
    for name in names {
      var holders: [CopyCheck.Holder] = []
      for rank in ranks {
        guard let place = held[rank][name] else {
          throw DSXError(
            .corrupt, "rank \(rank) lacks the tensor '\(name)', which others have",
            file: files.files[rank]?.file.path)
        }
        holders.append(.init(rank: rank, recipe: TensorRecipe(place.entry, of: place.file)))
      }
      guard let cut = cuts(name), ranks.count > 1 else {
        do throws(DSXError) {
          tensors.append((name, try CopyCheck.one(holders, name, trusts: trustsCopies)))
        } catch {
          var hinted = error
          hinted.hint = "if it was cut, name its axis with --rules"
          throw hinted
        }
        continue
      }
      tensors.append((name, try Self.join(holders.map(\.recipe), cut)))
    }
    self.tensors = tensors
  }

  /// Each group's parts from all ranks, group after group.
  static func join(_ parts: [TensorRecipe], _ cut: ShardRules.Cut) throws(DSXError) -> TensorRecipe
  {
    if let first = parts.first, let other = parts.first(where: { $0.shape != first.shape }) {
      throw DSXError(
        .corrupt,
        "the parts of '\(first.name)' have different shapes: \(first.shape) and \(other.shape)",
        file: other.origin?.file)
    }
    var groups: [TensorRecipe] = []
    for group in 0..<cut.groups {
      var pieces: [TensorRecipe] = []
      for part in parts { pieces.append(try part.part(axis: cut.axis, group, of: cut.groups)) }
      groups.append(try TensorRecipe.joined(pieces, axis: cut.axis))
    }
    return try TensorRecipe.joined(groups, axis: cut.axis)
  }
}

/// How `dsx weights split` cut each tensor, beside its parts: `shards.json`.
///
/// `{"schema": "dsx-shards/1", "ranks": 2, "cuts": {"name": [axis, groups]}}`; tensors that are not named
/// are whole.
enum ShardRecord {
  static let fileName = "shards.json"
  static let schema = "dsx-shards/1"

  static func text(ranks: Int, cuts: [(name: String, cut: ShardRules.Cut)]) -> String {
    let members = cuts.map { name, cut in
      JSONValue.Member(name, .array([.int(Int64(cut.axis)), .int(Int64(cut.groups))]))
    }
    let root: JSONValue = [
      "schema": .string(schema), "ranks": .int(Int64(ranks)), "cuts": .object(members),
    ]
    return root.text(.indented) + "\n"
  }

  /// The cuts by name; nil where the folder has no such file. Throws `malformed`.
  static func read(folder: String, ranks: Int) throws(DSXError) -> [String: ShardRules.Cut]? {
    let path = FilePath.join(folder, fileName)
    guard FilePath.exists(path) else { return nil }
    let root = try JSONParser.parse(file: path)
    guard root["schema"]?.string == schema, let members = root["cuts"]?.object else {
      throw DSXError(.malformed, "the file is no \(schema)", file: path)
    }
    guard case .int(let stated)? = root["ranks"], stated == Int64(ranks) else {
      throw DSXError(
        .corrupt, "the tensors were cut for another number of ranks than the \(ranks) here",
        file: path)
    }
    var cuts: [String: ShardRules.Cut] = [:]
    for member in members {
      guard let pair = member.value.array, pair.count == 2, case .int(let axis) = pair[0],
        case .int(let groups) = pair[1], (0..<64).contains(axis), (1..<4096).contains(groups)
      else {
        throw DSXError(
          .malformed, "the cut of '\(member.name)' is \(member.value.text())", file: path)
      }
      cuts[member.name] = .init(axis: Int(axis), groups: Int(groups))
    }
    return cuts
  }
}

extension RuleMerge {
  /// By what `dsx weights split` wrote beside the parts, else by rules.
  public init(_ files: RankFiles, rules: ShardRules, trustsCopies: Bool = false) throws(DSXError) {
    if let cuts = try ShardRecord.read(folder: files.folder, ranks: files.ranks.count) {
      try self.init(files, trustsCopies: trustsCopies) { cuts[$0] }
    } else {
      try self.init(files, trustsCopies: trustsCopies) { rules.cut(of: $0) }
    }
  }
}
