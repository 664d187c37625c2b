internal import Archives
internal import DSXCore

/// The tensors of a pickled state by name, placed in their storages.
///
/// A dictionary in a dictionary gives names joined by dots, a list gives numbers:
/// `{'model': {'w': t}, 'epoch': 3}` has the tensor `model.w` and the fact `epoch`.
struct TorchState {
  /// Where a storage's elements lie.
  enum Home {
    case mapped(Range<Int>)
    case packed(ZipPlace)

    var size: Int {
      switch self {
      case .mapped(let bytes): bytes.count
      case .packed(let place): place.size
      }
    }
  }

  private let machine: PickleMachine
  private let homes: [Home]
  private let isBigEndian: Bool
  /// Names and values that may still be made: a pickle of a few bytes can describe billions.
  private var visits: Int
  private var nameBytes: Int
  private var content = WeightContent()
  private static let deepest = 32

  /// Collects everything below `root`. `homes` are the places of the machine's storages, `fileSize`
  /// bounds what the tensors may add up to.
  static func content(
    of root: PickleValue, _ machine: PickleMachine, homes: [Home], isBigEndian: Bool, fileSize: Int
  ) throws(DSXError) -> WeightContent {
    for (storage, home) in zip(machine.storages, homes) {
      guard (storage.type ?? .u8).byteCount(of: storage.count) == home.size else {
        throw DSXError(
          .corrupt,
          "the storage '\(storage.key)' should have \(storage.count) elements of "
            + "\((storage.type ?? .u8).rawValue), but its data has \(home.size) bytes",
          hint: "the file was cut or damaged; fetch it again")
      }
    }
    var state = TorchState(
      machine: machine, homes: homes, isBigEndian: isBigEndian, visits: 2 * machine.size + 4096,
      nameBytes: 16 * machine.size + (64 << 10))
    guard case .dictionary = root else {
      if case .tensor = root {
        try state.add(root, "tensor", 0)
        return state.content
      }
      throw DSXError(
        .unsupported, "the pickle's outermost value is no dictionary of tensors",
        hint: "save model.state_dict()")
    }
    try state.add(root, "", 0)
    let total = state.content.tensors.reduce(0) { sum, entry in
      sum.addingReportingOverflow(entry.byteCount).overflow ? Int.max : sum + entry.byteCount
    }
    guard total / 64 <= fileSize + (1 << 20) else {
      throw DSXError(
        .malformed, "the tensors share their data so often that they would be \(total) bytes",
        hint: "this is no model: real ones share a few tensors")
    }
    return state.content
  }

  private init(
    machine: PickleMachine, homes: [Home], isBigEndian: Bool, visits: Int, nameBytes: Int
  ) {
    self.machine = machine
    self.homes = homes
    self.isBigEndian = isBigEndian
    self.visits = visits
    self.nameBytes = nameBytes
  }

  private mutating func add(_ value: PickleValue, _ name: String, _ depth: Int) throws(DSXError) {
    // No real tensor takes less than 8 bytes of a pickle, no fact less than one.
    if case .tensor = value { visits -= 16 } else { visits -= 2 }
    nameBytes -= name.utf8.count
    guard visits >= 0, nameBytes >= 0, depth <= Self.deepest else {
      throw DSXError(
        .malformed, "the pickle's values are nested too deep or in a circle, or shared too often")
    }
    switch value {
    case .dictionary(let number):
      for member in machine.dictionaries[number] {
        try add(member.value, join(name, try key(member.key, name)), depth + 1)
      }
    case .tuple, .list:
      for (index, element) in (machine.elements(value) ?? []).enumerated() {
        try add(element, join(name, "\(index)"), depth + 1)
      }
    case .tensor(let number): content.tensors.append(try entry(name, machine.tensors[number]))
    case .none: content.metadata.append(.init(name, .null))
    case .bool(let flag): content.metadata.append(.init(name, .bool(flag)))
    case .int(let number): content.metadata.append(.init(name, .int(number)))
    case .double(let number): content.metadata.append(.init(name, .double(number)))
    case .text(let text):
      nameBytes -= text.utf8.count
      content.metadata.append(.init(name, .string(text)))
    case .symbol(.type(let type)): content.metadata.append(.init(name, .string(type.rawValue)))
    case .symbol, .storage:
      throw DSXError(.unsupported, "the pickle's value '\(name)' is no tensor, number or text")
    }
  }

  private func join(_ name: String, _ next: String) -> String {
    name.isEmpty ? next : name + "." + next
  }

  private func key(_ value: PickleValue, _ name: String) throws(DSXError) -> String {
    switch value {
    case .text(let text): return text
    case .int(let number): return "\(number)"
    default:
      throw DSXError(.unsupported, "the pickle's dictionary '\(name)' has a key that is no text")
    }
  }

  private func entry(_ name: String, _ tensor: PickleTensor) throws(DSXError) -> TensorEntry {
    let home = homes[tensor.storage]
    let size = tensor.type.blockBytes
    func fault(_ message: String) -> DSXError {
      DSXError(
        .corrupt, "the tensor '\(name)' of shape \(tensor.shape) " + message,
        hint: "the file was damaged; fetch it again")
    }
    guard let count = TensorShape.count(tensor.shape),
      let span = TensorShape.span(tensor.shape, strides: tensor.strides)
    else { throw fault("has a size that overflows") }
    guard
      count == 0 || (tensor.offset <= home.size / size && span <= home.size / size - tensor.offset)
    else {
      throw fault(
        "needs the elements \(tensor.offset) to \(tensor.offset &+ span) of its storage, which has "
          + "\(home.size / size)")
    }
    guard count <= home.size / size else {
      throw DSXError(
        .unsupported, "the tensor '\(name)' of shape \(tensor.shape) repeats its elements",
        hint: "call .contiguous() before torch.save")
    }
    let first = count == 0 ? 0 : tensor.offset * size
    let range = first..<first + span * size
    let source: TensorPlace.Source =
      switch home {
      case .mapped(let bytes):
        .mapped([bytes.lowerBound + range.lowerBound..<bytes.lowerBound + range.upperBound])
      case .packed(let place): .packed(place, range)
      }
    let isRowMajor = TensorShape.isRowMajor(tensor.shape, strides: tensor.strides)
    let place = TensorPlace(
      source, strides: isRowMajor ? nil : tensor.strides, isBigEndian: isBigEndian && size > 1,
      isNegated: tensor.isNegated)
    guard
      let entry = TensorEntry(name: name, type: tensor.type, shape: tensor.shape, place: place)
    else { throw fault("has a size that overflows") }
    return entry
  }
}
