public import DSXCore

/// The keys and values of a GGUF file, with typed access; arrays stay in the mapping until they are
/// asked for.
///
/// Every accessor gives nil for a key that is not there, and throws `malformed` for one of another type.
public struct GGUFMetadata: Sendable {
  /// The types of values, by their numbers in the file.
  public enum ValueType: UInt32, Sendable {
    case uint8 = 0
    case int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    /// Bytes of one value; nil for texts and arrays, which state their length.
    var size: Int? {
      switch self {
      case .uint8, .int8, .bool: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64: 8
      case .string, .array: nil
      }
    }
  }

  /// One value's place in the file.
  struct Value: Sendable {
    /// Its type; of an array the type of its elements.
    let type: ValueType
    /// Elements of an array, nil for a single value.
    let count: Int?
    /// Its bytes; those of an array's elements one after the other.
    let bytes: Range<Int>
  }

  /// The version of the file: 2 or 3.
  public let version: Int
  /// The keys, in the order of the file.
  public let keys: [String]
  private let values: [String: Value]
  private let file: MappedFile

  init(version: Int, members: [(key: String, value: Value)], file: MappedFile) throws(DSXError) {
    self.version = version
    keys = members.map(\.key)
    var values: [String: Value] = [:]
    for member in members {
      guard values.updateValue(member.value, forKey: member.key) == nil else {
        throw DSXError(
          .malformed, "the key '\(member.key)' is there twice", byte: member.value.bytes.lowerBound)
      }
    }
    self.values = values
    self.file = file
  }

  /// The path of the file.
  var source: String { file.path }

  /// The type of a key's value, and the number of elements where it is an array.
  public func type(of key: String) -> (type: ValueType, count: Int?)? {
    values[key].map { ($0.type, $0.count) }
  }

  /// A text.
  public func string(_ key: String) throws(DSXError) -> String? {
    guard let value = try single(key, "text", [.string]) else { return nil }
    return try strings(value)[0]
  }

  /// A whole number of any width; throws for one above 2^63 - 1.
  public func int(_ key: String) throws(DSXError) -> Int? {
    guard let value = try single(key, "whole number", Self.wholes) else { return nil }
    return try ints(value, key)[0]
  }

  /// A number of any type as double.
  public func double(_ key: String) throws(DSXError) -> Double? {
    guard let value = try single(key, "number", Self.numbers) else { return nil }
    return try doubles(value, key)[0]
  }

  /// A truth value.
  public func bool(_ key: String) throws(DSXError) -> Bool? {
    guard let value = try single(key, "truth value", [.bool]) else { return nil }
    return file.withBytes { $0[value.bytes.lowerBound] != 0 }
  }

  /// An array of texts, e.g. the tokens of a vocabulary.
  public func strings(_ key: String) throws(DSXError) -> [String]? {
    guard let value = try array(key, "texts", [.string]) else { return nil }
    return try strings(value)
  }

  /// An array of whole numbers, e.g. the tokens' types.
  public func ints(_ key: String) throws(DSXError) -> [Int]? {
    guard let value = try array(key, "whole numbers", Self.wholes) else { return nil }
    return try ints(value, key)
  }

  /// An array of numbers as doubles, e.g. the tokens' scores.
  public func doubles(_ key: String) throws(DSXError) -> [Double]? {
    guard let value = try array(key, "numbers", Self.numbers) else { return nil }
    return try doubles(value, key)
  }

  /// All values for a report: single ones as they are, arrays as `array of 3 int32`.
  func summary() throws(DSXError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    for key in keys {
      guard let value = values[key] else { continue }
      let shown: JSONValue
      if let count = value.count {
        shown = .string("array of \(count) \(value.type)")
      } else if value.type == .string {
        shown = .string(try strings(value)[0])
      } else if value.type == .bool {
        shown = .bool(try bool(key) ?? false)
      } else if Self.wholes.contains(value.type) {
        // Above 2^63 - 1 only as text.
        shown =
          (try? ints(value, key)[0]).map { .int(Int64($0)) }
          ?? .string("\(file.withBytes { Self.word($0, value, 0, UInt64.self) })")
      } else {
        shown = .double(try doubles(value, key)[0])
      }
      members.append(.init(key, shown))
    }
    return members
  }

  // MARK: decoding

  private static let wholes: [ValueType] = [
    .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64,
  ]
  private static let numbers = wholes + [.float32, .float64]

  private func single(_ key: String, _ what: String, _ types: [ValueType]) throws(DSXError)
    -> Value?
  {
    guard let value = values[key] else { return nil }
    guard value.count == nil, types.contains(value.type) else {
      throw wrong(key, "a " + what, value)
    }
    return value
  }

  private func array(_ key: String, _ what: String, _ types: [ValueType]) throws(DSXError) -> Value?
  {
    guard let value = values[key] else { return nil }
    guard value.count != nil, types.contains(value.type) else {
      throw wrong(key, "an array of " + what, value)
    }
    return value
  }

  private func wrong(_ key: String, _ what: String, _ value: Value) -> DSXError {
    let kind = value.count.map { "an array of \($0) \(value.type)" } ?? "\(value.type)"
    return DSXError(
      .malformed, "'\(key)' must be \(what), but is \(kind)", file: file.path,
      byte: value.bytes.lowerBound)
  }

  /// The reader walked every text, so their lengths fit.
  private func strings(_ value: Value) throws(DSXError) -> [String] {
    try file.withBytes { (bytes) throws(DSXError) -> [String] in
      var reader = ByteReader(
        UnsafeRawBufferPointer(rebasing: bytes[value.bytes]), base: value.bytes.lowerBound)
      var texts: [String] = []
      texts.reserveCapacity(value.count ?? 1)
      for _ in 0..<(value.count ?? 1) {
        let length = Int(clamping: try reader.little(UInt64.self))
        texts.append(String(decoding: try reader.take(length, "a text"), as: UTF8.self))
      }
      return texts
    }
  }

  private func ints(_ value: Value, _ key: String) throws(DSXError) -> [Int] {
    try file.withBytes { (bytes) throws(DSXError) -> [Int] in
      var numbers: [Int] = []
      numbers.reserveCapacity(value.count ?? 1)
      for index in 0..<(value.count ?? 1) {
        switch value.type {
        case .uint8: numbers.append(Int(Self.word(bytes, value, index, UInt8.self)))
        case .int8: numbers.append(Int(Self.word(bytes, value, index, Int8.self)))
        case .uint16: numbers.append(Int(Self.word(bytes, value, index, UInt16.self)))
        case .int16: numbers.append(Int(Self.word(bytes, value, index, Int16.self)))
        case .uint32: numbers.append(Int(Self.word(bytes, value, index, UInt32.self)))
        case .int32: numbers.append(Int(Self.word(bytes, value, index, Int32.self)))
        case .int64: numbers.append(Int(Self.word(bytes, value, index, Int64.self)))
        default:
          guard let number = Int(exactly: Self.word(bytes, value, index, UInt64.self)) else {
            throw wrong(key, "below 2^63", value)
          }
          numbers.append(number)
        }
      }
      return numbers
    }
  }

  private func doubles(_ value: Value, _ key: String) throws(DSXError) -> [Double] {
    switch value.type {
    case .float32, .float64:
      return file.withBytes { bytes in
        (0..<(value.count ?? 1)).map { index in
          value.type == .float32
            ? Double(Float(bitPattern: Self.word(bytes, value, index, UInt32.self)))
            : Double(bitPattern: Self.word(bytes, value, index, UInt64.self))
        }
      }
    default: return try ints(value, key).map(Double.init)
    }
  }

  private static func word<Word: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ value: Value, _ index: Int, _: Word.Type
  ) -> Word {
    Word(
      littleEndian: bytes.loadUnaligned(
        fromByteOffset: value.bytes.lowerBound + index * MemoryLayout<Word>.size, as: Word.self))
  }
}
