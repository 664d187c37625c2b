internal import DSXCore

/// Symbols, storages and tensors: what opcodes make of the list of allowed symbols.
extension PickleMachine {
  mutating func pushSymbol(_ module: String, _ name: String) throws(DSXError) {
    guard let symbol = PickleSymbol(module: module, name: name) else {
      var error = refusal(
        "names '\(module).\(name)', which is not on the list of what tensors need")
      if module == "argparse" {
        error.hint =
          "Megatron's checkpoints hold the arguments of the training: load it in torch, and save its "
          + "'model' alone"
      }
      throw error
    }
    stack.append(.symbol(symbol))
  }

  /// `('storage', type, key, location, count)`, and nil as sixth in files before torch 1.6.
  mutating func pushStorage(_ value: PickleValue) throws(DSXError) {
    guard case .tuple(let number) = value, let first = tuples[number].first,
      case .text(let kind) = first
    else { throw fault("has a persistent id that is no storage") }
    guard kind == "storage" else { throw refusal("holds a whole '\(kind)', not only tensors") }
    let parts = tuples[number]
    guard parts.count == 5 || parts.count == 6, case .symbol(.storage(let type)) = parts[1],
      case .text(let key) = parts[2], case .text = parts[3], case .int(let count64) = parts[4],
      let count = Int(exactly: count64), count >= 0
    else { throw fault("has a storage that is not (type, key, location, count)") }
    if parts.count == 6 {
      guard case .none = parts[5] else { throw refusal("holds a view of a storage") }
    }
    let storage = PickleStorage(key: key, type: type, count: count)
    if let known = storageNumbers[key] {
      guard storages[known].type == type, storages[known].count == count else {
        throw fault("describes the storage '\(key)' in two ways")
      }
      stack.append(.storage(known))
    } else {
      storageNumbers[key] = storages.count
      stack.append(.storage(storages.count))
      storages.append(storage)
    }
  }

  // MARK: symbols

  mutating func reduce(_ symbol: PickleSymbol, _ arguments: [PickleValue])
    throws(DSXError) -> PickleValue
  {
    switch symbol {
    case .orderedDictionary:
      var members: [(key: PickleValue, value: PickleValue)] = []
      if let first = arguments.first {
        guard arguments.count == 1, case .list(let list) = first else {
          throw fault("makes an OrderedDict of what is no list of pairs")
        }
        try charge(lists[list].count)
        for item in lists[list] {
          guard let pair = elements(item), pair.count == 2 else {
            throw fault("makes an OrderedDict of what are no pairs")
          }
          members.append((pair[0], pair[1]))
        }
      }
      dictionaries.append(members)
      return .dictionary(dictionaries.count - 1)
    case .rebuildTensor:
      guard arguments.count == 6 || arguments.count == 7 else {
        throw fault("makes a tensor of \(arguments.count) values")
      }
      return try tensor(arguments, type: nil, facts: arguments.dropFirst(6).first)
    case .rebuildTensorOfType:
      guard arguments.count == 7 || arguments.count == 8,
        case .symbol(.type(let type)) = arguments[6]
      else { throw fault("makes a tensor of \(arguments.count) values") }
      return try tensor(arguments, type: type, facts: arguments.dropFirst(7).first)
    case .rebuildParameter:
      guard arguments.count == 3, case .tensor = arguments[0] else {
        throw fault("makes a parameter of what is no tensor")
      }
      return arguments[0]
    case .size:
      guard arguments.count == 1, case .tuple = arguments[0] else {
        throw fault("makes a size of what is no tuple")
      }
      return arguments[0]
    case .storage, .type: throw fault("calls a type")
    }
  }

  /// A tensor of the arguments that both ways of making one share; `facts` says what its elements stand
  /// for.
  private mutating func tensor(
    _ arguments: [PickleValue], type stated: ElementType?, facts: PickleValue?
  ) throws(DSXError) -> PickleValue {
    guard case .storage(let storage) = arguments[0], case .int(let offset64) = arguments[1],
      let offset = Int(exactly: offset64), offset >= 0, let shape = sizes(arguments[2]),
      let strides = sizes(arguments[3]), shape.count == strides.count
    else { throw fault("makes a tensor of wrong values") }
    try charge(2 * shape.count + 4)
    guard let type = stated ?? storages[storage].type else {
      throw fault("makes a tensor without a type")
    }
    if let other = storages[storage].type, other != type {
      throw fault("makes a \(type.rawValue) tensor of \(other.rawValue) elements")
    }
    tensors.append(
      PickleTensor(
        storage: storage, offset: offset, shape: shape, strides: strides, type: type,
        isNegated: try isNegated(facts, type)))
    return .tensor(tensors.count - 1)
  }

  /// Whether `{'neg': True}` stands beside a tensor. Anything else there would change what its elements
  /// mean, and is refused by its name.
  private func isNegated(_ facts: PickleValue?, _ type: ElementType) throws(DSXError) -> Bool {
    guard let facts else { return false }
    if case .none = facts { return false }
    guard case .dictionary(let number) = facts else {
      throw fault("makes a tensor with metadata that are no dictionary")
    }
    var isNegated = false
    for member in dictionaries[number] {
      guard case .text(let name) = member.key else {
        throw fault("makes a tensor with metadata whose key is no text")
      }
      switch (name, member.value) {
      case (_, .bool(false)): continue
      case ("neg", .bool(true)) where type != .bool: isNegated = true
      default: throw refusal("makes a tensor with the metadata '\(name)'")
      }
    }
    return isNegated
  }

  /// The elements of a tuple or list; nil for anything else.
  func elements(_ value: PickleValue) -> [PickleValue]? {
    switch value {
    case .tuple(let number): tuples[number]
    case .list(let number): lists[number]
    default: nil
    }
  }

  private func sizes(_ value: PickleValue) -> [Int]? {
    guard let values = elements(value), values.count <= 64 else { return nil }
    var numbers: [Int] = []
    for value in values {
      guard case .int(let number) = value, number >= 0 else { return nil }
      numbers.append(Int(number))
    }
    return numbers
  }
}
