internal import DSXCore

/// One strategy file of MindSpore: a protobuf message without a magic number.
///
/// | message | field | content |
/// | --- | --- | --- |
/// | ParallelStrategyMap | 1 | current_stage, a number |
/// | | 2 | parallel_strategy_item, repeated: 1 node name, 2 { 1 pipeline stage, 2 strategies } |
/// | | 3 | parallel_layout_item, repeated: 1 parameter's name, 2 its ParallelLayouts |
/// | ParallelLayouts | 1 | dev_matrix { 1 dimensions } |
/// | | 2 | tensor_map { 1 dimensions of the devices, -1 for none }; several: one for each dimension |
/// | | 3 | param_split_shape { 1 dimensions }: uneven parts |
/// | | 4 | indices_offset |
/// | | 5, 6, 7 | field, opt_weight_shard_step, opt_weight_shard_size |
///
/// The JSON form has the same names. Merged files put the pipeline stage before each name: `1-backbone.x`.
///
/// Source: `node_strategy.proto` and `parallel/_parallel_serialization.py` of mindspore 2.10.
struct StrategyFile {
  let path: String
  /// The pipeline stage of the first operator; nil where the file names no operators.
  private(set) var stage: Int?
  private(set) var entries: [(name: String, layout: ParallelLayout)] = []

  /// Maps and reads a file. Throws `missingFile`, `corrupt`, `unsupported`.
  init(path: String) throws(DSXError) {
    self.path = path
    do throws(DSXError) {
      if path.hasSuffix(".json") {
        try readJSON(JSONParser.parse(file: path))
      } else {
        let file = try MappedFile(path: path)
        defer { withExtendedLifetime(file) {} }
        try read(file.bytes)
      }
    } catch { throw error.inFile(path) }
  }

  /// Reads a message in memory.
  init(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    path = ""
    try read(bytes)
  }

  /// The pipeline stage before a name, 0 where there is none, and the name.
  static func stage(of name: String) -> (stage: Int, name: String) {
    let digits = name.utf8.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty, digits.count <= 6, name.utf8.dropFirst(digits.count).first == 0x2d,
      let stage = Int(String(decoding: digits, as: UTF8.self))
    else { return (0, name) }
    return (stage, String(decoding: name.utf8.dropFirst(digits.count + 1), as: UTF8.self))
  }

  // MARK: protobuf

  private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    var fields = ProtobufFields(bytes, base: 0, "the strategy")
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (1, .number): break
      case (2, .bytes(let item, let offset)):
        if stage == nil { stage = try Self.stage(item, offset) }
      case (3, .bytes(let item, let offset)): try add(item, offset)
      default:
        throw DSXError(
          .corrupt, "the strategy has a field \(field.number), which it cannot have",
          byte: field.offset, hint: "the file is no strategy file, or is damaged")
      }
    }
    guard !entries.isEmpty else {
      throw DSXError(
        .corrupt, "the strategy holds no layouts", byte: 0,
        hint: "training with one device, or with pipeline stages alone, writes none")
    }
  }

  private static func stage(_ item: UnsafeRawBufferPointer, _ base: Int) throws(DSXError) -> Int? {
    var fields = ProtobufFields(item, base: base, "an operator of the strategy")
    while let field = try fields.next() {
      guard field.number == 2, case .bytes(let strategies, let offset) = field.value else {
        continue
      }
      var inner = ProtobufFields(strategies, base: offset, "an operator of the strategy")
      while let field = try inner.next() {
        guard field.number == 1, case .number(let number) = field.value else { continue }
        guard let stage = Int(exactly: number), stage < ShardingStrategy.mostStages else {
          throw DSXError(.corrupt, "the pipeline stage \(number) cannot be", byte: field.offset)
        }
        return stage
      }
    }
    return nil
  }

  private mutating func add(_ item: UnsafeRawBufferPointer, _ base: Int) throws(DSXError) {
    var name: String?
    var layout: (bytes: UnsafeRawBufferPointer, offset: Int)?
    var fields = ProtobufFields(item, base: base, "a layout of the strategy")
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (1, let value) where name == nil:
        name = try ProtobufFields.text(value, "a parameter's name", byte: field.offset)
      case (2, .bytes(let bytes, let offset)) where layout == nil: layout = (bytes, offset)
      default:
        throw DSXError(
          .corrupt, "a layout of the strategy has a field \(field.number) too many",
          byte: field.offset)
      }
    }
    guard let name, !name.isEmpty, let layout else {
      throw DSXError(.corrupt, "a layout of the strategy lacks its name or content", byte: base)
    }
    do throws(DSXError) {
      entries.append((name, try Self.layout(layout.bytes, layout.offset)))
    } catch {
      var named = error
      named.message = "the layout of '\(name)': " + error.message
      if named.location.byte == nil { named.location.byte = layout.offset }
      throw named
    }
  }

  private static func layout(_ bytes: UnsafeRawBufferPointer, _ base: Int) throws(DSXError)
    -> ParallelLayout
  {
    var lists: [Int: [[Int]]] = [:]
    var numbers: [Int: Int] = [:]
    var fields = ProtobufFields(bytes, base: base, "it")
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (1...4, .bytes(let list, let offset)):
        guard lists[field.number, default: []].count < 64 else {
          throw DSXError(.corrupt, "it has too many lists", byte: field.offset)
        }
        lists[field.number, default: []].append(try dimensions(list, offset))
      case (5...7, .number(let number)):
        guard numbers[field.number] == nil else {
          throw DSXError(.corrupt, "it has the field \(field.number) twice", byte: field.offset)
        }
        numbers[field.number] = Int(truncatingIfNeeded: number)
      default:
        throw DSXError(
          .corrupt, "it has a field \(field.number), which it cannot have", byte: field.offset)
      }
    }
    guard let devices = lists[1]?.first, let maps = lists[2] else {
      throw DSXError(.corrupt, "it lacks the devices or the tensor map", byte: base)
    }
    // As MindSpore: of several lists each is one dimension's, and empty ones do not count.
    let map = maps.count > 1 ? maps.filter { !$0.isEmpty } : maps[0].map { [$0] }
    return try make(
      devices: devices, map: map, uneven: lists[3]?.joined().isEmpty == false,
      step: numbers[6] ?? 0, size: numbers[7] ?? 0)
  }

  /// Field 1, repeated or packed.
  private static func dimensions(_ list: UnsafeRawBufferPointer, _ base: Int) throws(DSXError)
    -> [Int]
  {
    var numbers: [Int] = []
    var fields = ProtobufFields(list, base: base, "a list of dimensions")
    while let field = try fields.next() {
      guard field.number == 1, numbers.count < 64 else {
        throw DSXError(.corrupt, "it has a list that cannot be", byte: field.offset)
      }
      switch field.value {
      case .number(let number): numbers.append(Int(truncatingIfNeeded: number))
      case .bytes(let packed, let offset):
        var reader = ByteReader(packed, base: offset)
        while reader.remaining > 0, numbers.count < 64 {
          numbers.append(Int(truncatingIfNeeded: try reader.varint("a dimension")))
        }
        guard reader.remaining == 0 else {
          throw DSXError(.corrupt, "it has a list that is too long", byte: field.offset)
        }
      }
    }
    return numbers
  }

  private static func make(devices: [Int], map: [[Int]], uneven: Bool, step: Int, size: Int)
    throws(DSXError) -> ParallelLayout
  {
    guard !uneven else {
      throw DSXError(.unsupported, "it has uneven parts (param_split_shape)")
    }
    return try ParallelLayout(
      devices: devices, cuts: map.map { $0.filter { $0 != -1 } }, optimizerParts: size,
      optimizerStep: step)
  }

  // MARK: JSON

  private mutating func readJSON(_ root: JSONValue) throws(DSXError) {
    guard let layouts = root["parallel_layout_item"]?.object, !layouts.isEmpty else {
      throw DSXError(.corrupt, "the strategy holds no 'parallel_layout_item'")
    }
    if let value = root["parallel_strategy_item"]?.object?.first?.value["stage"] {
      guard let number = Self.number(value), (0..<ShardingStrategy.mostStages).contains(number)
      else { throw DSXError(.corrupt, "the pipeline stage \(value.text()) cannot be") }
      stage = number
    }
    for item in layouts {
      func list(_ key: String) throws(DSXError) -> [JSONValue]? {
        guard let value = item.value[key], !value.isNull else { return nil }
        guard let list = value.array, list.count <= 64 else {
          throw DSXError(.corrupt, "'\(key)' is no list of numbers")
        }
        return list
      }
      func dimensions(_ list: [JSONValue]) throws(DSXError) -> [Int] {
        var numbers: [Int] = []
        for value in list {
          guard let number = Self.number(value) else {
            throw DSXError(.corrupt, "\(value.text()) is no dimension")
          }
          numbers.append(number)
        }
        return numbers
      }
      do throws(DSXError) {
        guard let devices = try list("dev_matrix"), let map = try list("tensor_map") else {
          throw DSXError(.corrupt, "it lacks 'dev_matrix' or 'tensor_map'")
        }
        var cuts: [[Int]] = []
        for value in map { cuts.append(try dimensions(value.array ?? [value])) }
        entries.append(
          (
            item.name,
            try Self.make(
              devices: dimensions(devices), map: cuts,
              uneven: (list("param_split_shape") ?? []).isEmpty == false,
              step: item.value["opt_weight_shard_step"].flatMap(Self.number) ?? 0,
              size: item.value["opt_weight_shard_size"].flatMap(Self.number) ?? 0)
          ))
      } catch {
        var named = error
        named.message = "the layout of '\(item.name)': " + error.message
        throw named
      }
    }
  }

  private static func number(_ value: JSONValue) -> Int? {
    guard case .int(let number) = value else { return nil }
    return Int(exactly: number)
  }
}
