internal import DSXCore

/// Reads any `Decodable` from a `JSONValue`. Wrong forms are errors that name the member.
struct JSONValueDecoder: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]

  /// The value of that JSON.
  static func decode<Value: Decodable>(_: Value.Type, from value: JSONValue) throws(DSXError)
    -> Value
  {
    do { return try JSONValueDecoder(value: value, codingPath: []).get(Value.self) } catch {
      if let error = error as? DSXError { throw error }
      throw DSXError(.malformed, "stored statistics cannot be read", underlying: "\(error)")
    }
  }

  func get<Value: Decodable>(_ type: Value.Type) throws -> Value {
    // Long arrays of numbers directly: a container for each element would take most of the time.
    if type == [Int].self, let numbers = try wholes() as [Int] as? Value { return numbers }
    if type == [Int64].self, let numbers = try wholes() as [Int64] as? Value { return numbers }
    if type == [Double].self, let numbers = try doubles() as? Value { return numbers }
    return try Value(from: self)
  }

  private func element(_ value: JSONValue) -> JSONValueDecoder {
    JSONValueDecoder(value: value, codingPath: codingPath)
  }

  private func wholes<Number: BinaryInteger>() throws -> [Number] {
    guard let elements = value.array else { throw fault("an array") }
    return try elements.map { (value: JSONValue) throws -> Number in
      try element(value).whole()
    }
  }

  private func doubles() throws -> [Double] {
    guard let elements = value.array else { throw fault("an array") }
    return try elements.map { try element($0).double() }
  }

  func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let members = value.object else { throw fault("an object") }
    return KeyedDecodingContainer(Keyed<Key>(decoder: self, members: members))
  }
  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let elements = value.array else { throw fault("an array") }
    return Unkeyed(decoder: self, elements: elements)
  }
  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

  func fault(_ wanted: String) -> DSXError {
    let path = codingPath.map(\.stringValue).joined(separator: ".")
    return DSXError(.malformed, "stored statistics: '\(path)' is not \(wanted)")
  }

  func whole<Number: BinaryInteger>() throws -> Number {
    guard case .int(let number) = value, let whole = Number(exactly: number) else {
      throw fault("a whole number of its range")
    }
    return whole
  }

  func double() throws -> Double {
    switch value {
    case .int(let number): return Double(number)
    case .double(let number): return number
    case .string("NaN"): return .nan
    case .string("Infinity"): return .infinity
    case .string("-Infinity"): return -.infinity
    default: throw fault("a number")
    }
  }
}

extension JSONValueDecoder {
  struct Single: SingleValueDecodingContainer {
    let decoder: JSONValueDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value.isNull }
    func decode(_: Bool.Type) throws -> Bool {
      guard let flag = decoder.value.bool else { throw decoder.fault("a truth value") }
      return flag
    }
    func decode(_: String.Type) throws -> String {
      guard let text = decoder.value.string else { throw decoder.fault("a string") }
      return text
    }
    func decode(_: Double.Type) throws -> Double { try decoder.double() }
    func decode(_: Float.Type) throws -> Float { Float(try decoder.double()) }
    func decode(_: Int.Type) throws -> Int { try decoder.whole() }
    func decode(_: Int8.Type) throws -> Int8 { try decoder.whole() }
    func decode(_: Int16.Type) throws -> Int16 { try decoder.whole() }
    func decode(_: Int32.Type) throws -> Int32 { try decoder.whole() }
    func decode(_: Int64.Type) throws -> Int64 { try decoder.whole() }
    func decode(_: UInt.Type) throws -> UInt { try decoder.whole() }
    func decode(_: UInt8.Type) throws -> UInt8 { try decoder.whole() }
    func decode(_: UInt16.Type) throws -> UInt16 { try decoder.whole() }
    func decode(_: UInt32.Type) throws -> UInt32 { try decoder.whole() }
    func decode(_: UInt64.Type) throws -> UInt64 { try decoder.whole() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.get(type) }
  }

  struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: JSONValueDecoder
    let members: [JSONValue.Member]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { members.contains { $0.name == key.stringValue } }
    func child(_ key: any CodingKey) throws -> JSONValueDecoder {
      guard let member = members.first(where: { $0.name == key.stringValue }) else {
        throw DSXError(.malformed, "stored statistics have no '\(key.stringValue)'")
      }
      return JSONValueDecoder(value: member.value, codingPath: codingPath + [key])
    }
    func decodeNil(forKey key: Key) throws -> Bool { try child(key).value.isNull }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      try child(key).get(type)
    }
    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try child(key).unkeyedContainer()
    }
    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
  }

  struct Unkeyed: UnkeyedDecodingContainer {
    let decoder: JSONValueDecoder
    let elements: [JSONValue]
    var currentIndex = 0
    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    init(decoder: JSONValueDecoder, elements: [JSONValue]) {
      self.decoder = decoder
      self.elements = elements
    }

    mutating func step() throws -> JSONValueDecoder {
      guard !isAtEnd else { throw decoder.fault("long enough") }
      defer { currentIndex += 1 }
      return JSONValueDecoder(value: elements[currentIndex], codingPath: codingPath)
    }
    mutating func decodeNil() throws -> Bool {
      guard !isAtEnd, elements[currentIndex].isNull else { return false }
      currentIndex += 1
      return true
    }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try step().get(type)
    }
    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try step().container(keyedBy: type) }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      try step().unkeyedContainer()
    }
    mutating func superDecoder() throws -> any Decoder { try step() }
  }
}
