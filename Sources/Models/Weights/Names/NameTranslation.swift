public import DSXCore

/// Gives a model's tensors the names and layouts of another convention.
public struct NameTranslation: Sendable {
  /// What becomes of a tensor that the map does not know.
  public enum Unknown: String, Sendable, CaseIterable {
    /// An error that names it.
    case error
    /// It keeps its name.
    case keep
    /// It is left out.
    case drop
  }

  private let map: NameMap
  private let reversed: Bool
  /// As in `--architecture`.
  public var architecture: String { map.architecture }

  /// The architectures that can be translated so.
  public static func architectures(_ from: NameConvention, _ to: NameConvention) -> [String] {
    maps(from, to).map(\.map.architecture)
  }

  private static func maps(_ from: NameConvention, _ to: NameConvention) -> [(
    map: NameMap, reversed: Bool
  )] {
    NameMap.all.compactMap { map in
      if from == .huggingFace, to == map.other, to != .gguf { return (map, false) }
      return from == map.other && to == .huggingFace ? (map, true) : nil
    }
  }

  /// The translation of an architecture, nil for the only one that knows every name.
  ///
  /// Throws `usage` where there is no such translation or the names fit no architecture or several.
  public init(
    from: NameConvention, to: NameConvention, architecture: String? = nil, names: [String]
  ) throws(DSXError) {
    let maps = Self.maps(from, to)
    guard !maps.isEmpty else {
      throw DSXError(
        .usage, "there is no translation of names from \(from.rawValue) to \(to.rawValue)",
        hint: "known: hf:mindformers, mindformers:hf, gguf:hf")
    }
    let known = maps.map(\.map.architecture)
    if let architecture {
      guard let found = maps.first(where: { $0.map.architecture == architecture }) else {
        throw DSXError(
          .unknownName, "no names are known of the architecture '\(architecture)'",
          hint: "known: " + known.joined(separator: ", "))
      }
      (map, reversed) = found
      return
    }
    let ranked = maps.filter { map, reversed in
      guard let marker = map.marker else { return true }
      return names.contains { reversed ? $0 == marker.other : map.canonical($0) == marker.one }
    }.map { entry in
      (entry, names.filter { Self.knows($0, entry.map, entry.reversed) }.count)
    }
    let best = ranked.map(\.1).max() ?? 0
    let fitting = ranked.filter { $0.1 == best }
    guard best * 2 > names.count, fitting.count == 1, let found = fitting.first?.0 else {
      throw DSXError(
        .usage, "the names of the tensors do not say which architecture they are of",
        hint: "choose with --architecture: " + known.joined(separator: ", "))
    }
    (map, reversed) = found
  }

  private static func knows(_ name: String, _ map: NameMap, _ reversed: Bool) -> Bool {
    if reversed {
      if let last = map.last, name.hasPrefix(last.name) { return true }
      return map.rules.contains { $0.others.contains { NameRule.layer(of: name, $0) != nil } }
    }
    let name = map.canonical(name)
    return map.tied.contains { $0.name == name }
      || (map.rules.map(\.one) + map.dropped).contains { NameRule.layer(of: name, $0) != nil }
  }

  /// The tensors under their new names, sorted.
  ///
  /// - Parameter heads: of a GGUF file the numbers of query heads and of key heads.
  /// Throws `corrupt` naming the tensor that does not fit its rule, that is missing beside others of its
  /// rule, or that no rule knows.
  public func apply(
    _ tensors: [(name: String, recipe: TensorRecipe)], unknown: Unknown = .error,
    heads: (queries: Int, keys: Int)? = nil
  ) throws(DSXError) -> [(name: String, recipe: TensorRecipe)] {
    let result =
      reversed
      ? try toHuggingFace(tensors, unknown, heads) : try fromHuggingFace(tensors, unknown)
    return result.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  // MARK: from Hugging Face

  private func fromHuggingFace(
    _ tensors: [(name: String, recipe: TensorRecipe)], _ unknown: Unknown
  ) throws(DSXError) -> [(name: String, recipe: TensorRecipe)] {
    let all = tensors.map { (name: map.canonical($0.name), recipe: $0.recipe) }
    var lastLayer = -1
    var result: [(name: String, recipe: TensorRecipe)] = []
    for (index, (name, recipe)) in all.enumerated() {
      if map.dropped.contains(where: { NameRule.layer(of: name, $0) != nil }) { continue }
      if let tied = map.tied.first(where: { $0.name == name }) {
        guard let table = all.first(where: { $0.name == tied.to })?.recipe,
          table.type == recipe.type, table.shape == recipe.shape,
          try CopyCheck.isEqual(table, recipe)
        else {
          throw DSXError(
            .unsupported,
            "'\(tensors[index].name)' differs from '\(tied.to)', and \(map.other.rawValue) has no "
              + "place of its own for it", file: recipe.origin?.file)
        }
        continue
      }
      guard let (rule, layer) = rule(of: name, { [$0.one] }) else {
        try Self.add(tensors[index], unknown, to: &result)
        continue
      }
      lastLayer = max(lastLayer, layer)
      for (place, other) in rule.others.enumerated() {
        var part = recipe
        switch rule.change {
        case .none: break
        case .transposed: part = try part.transposed()
        case .cut(let transposed):
          part = try part.part(axis: part.shape.count - 1, place, of: rule.others.count)
          if transposed { part = try part.transposed() }
        case .paired: throw DSXError(.internal, "'\(name)' cannot be paired")
        }
        result.append((NameRule.name(other, layer: layer), part))
      }
    }
    guard let last = map.last, lastLayer >= 0 else { return result }
    let prefix = NameRule.name(last.layers, layer: lastLayer)
    return result.map { name, recipe in
      name.hasPrefix(prefix) ? (last.name + name.dropFirst(prefix.count), recipe) : (name, recipe)
    }
  }

  // MARK: to Hugging Face

  private func toHuggingFace(
    _ tensors: [(name: String, recipe: TensorRecipe)], _ unknown: Unknown,
    _ heads: (queries: Int, keys: Int)?
  ) throws(DSXError) -> [(name: String, recipe: TensorRecipe)] {
    let all = withLastLayer(tensors)
    var byName: [String: TensorRecipe] = [:]
    for (name, recipe) in all { byName[name] = recipe }
    var result: [(name: String, recipe: TensorRecipe)] = []
    for (index, (name, recipe)) in all.enumerated() where !map.otherDropped.contains(name) {
      guard let (rule, layer) = rule(of: name, { $0.others }) else {
        try Self.add(tensors[index], unknown, to: &result)
        continue
      }
      // The first of several makes the whole.
      guard NameRule.name(rule.others[0], layer: layer) == name else {
        guard byName[NameRule.name(rule.others[0], layer: layer)] != nil else {
          throw Self.missing(NameRule.name(rule.others[0], layer: layer), beside: name, recipe)
        }
        continue
      }
      let target = NameRule.name(rule.one, layer: layer)
      switch rule.change {
      case .none: result.append((target, recipe))
      case .transposed: result.append((target, try recipe.transposed()))
      case .cut(let transposed):
        var parts: [TensorRecipe] = []
        for other in rule.others {
          let wanted = NameRule.name(other, layer: layer)
          guard let part = byName[wanted] else {
            throw Self.missing(wanted, beside: name, recipe)
          }
          parts.append(transposed ? try part.transposed() : part)
        }
        result.append((target, try TensorRecipe.joined(parts, axis: parts[0].shape.count - 1)))
      case .paired(let keys):
        guard let heads else {
          throw DSXError(
            .unsupported, "the number of heads is not known, which '\(name)' needs",
            file: recipe.origin?.file)
        }
        result.append((target, try Self.unpaired(recipe, keys ? heads.keys : heads.queries)))
      }
    }
    return result
  }

  /// The layer of its own name as one of the layers.
  private func withLastLayer(_ tensors: [(name: String, recipe: TensorRecipe)]) -> [(
    name: String, recipe: TensorRecipe
  )] {
    guard let last = map.last else { return tensors }
    var count = 0
    for (name, _) in tensors {
      for rule in map.rules {
        for other in rule.others {
          if let layer = NameRule.layer(of: name, other) { count = max(count, layer + 1) }
        }
      }
    }
    let prefix = NameRule.name(last.layers, layer: count)
    return tensors.map { name, recipe in
      name.hasPrefix(last.name)
        ? (prefix + String(name.dropFirst(last.name.count)), recipe) : (name, recipe)
    }
  }

  /// Rows [head, pair, 2] become [head, 2, pair].
  private static func unpaired(_ recipe: TensorRecipe, _ heads: Int) throws(DSXError)
    -> TensorRecipe
  {
    guard recipe.shape.count == 2, heads > 0, recipe.shape[0] % (2 * heads) == 0 else {
      throw DSXError(
        .corrupt,
        "the tensor '\(recipe.name)' of shape \(recipe.shape) does not hold \(heads) heads",
        file: recipe.origin?.file)
    }
    let pairs = recipe.shape[0] / (2 * heads)
    return try recipe.reshaped([heads, pairs, 2, recipe.shape[1]]).exchanged(axis: 1)
      .reshaped(recipe.shape)
  }

  // MARK: common

  private func rule(of name: String, _ patterns: (NameRule) -> [String]) -> (
    rule: NameRule, layer: Int
  )? {
    for rule in map.rules {
      for pattern in patterns(rule) {
        if let layer = NameRule.layer(of: name, pattern) { return (rule, layer) }
      }
    }
    return nil
  }

  private static func add(
    _ tensor: (name: String, recipe: TensorRecipe), _ unknown: Unknown,
    to result: inout [(name: String, recipe: TensorRecipe)]
  ) throws(DSXError) {
    switch unknown {
    case .keep: result.append(tensor)
    case .drop: break
    case .error:
      throw DSXError(
        .unsupported, "no rule names the tensor '\(tensor.name)'",
        file: tensor.recipe.origin?.file,
        hint: "--unknown keep or --unknown drop, or name it with --map")
    }
  }

  private static func missing(_ name: String, beside other: String, _ recipe: TensorRecipe)
    -> DSXError
  {
    DSXError(
      .corrupt, "the weights lack the tensor '\(name)', which belongs to '\(other)'",
      file: recipe.origin?.file)
  }
}
