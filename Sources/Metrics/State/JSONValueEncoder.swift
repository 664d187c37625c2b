internal import DSXCore

/// Writes any `Encodable` as a `JSONValue`: members in the order in which they are encoded, so the
/// same statistics give the same bytes.
final class JSONValueEncoder: Encoder {
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private var form = Form.empty

  private enum Form {
    case empty
    case single(JSONValue)
    case keyed([(name: String, JSONValueEncoder)])
    case list([JSONValueEncoder])
  }

  init(codingPath: [any CodingKey] = []) { self.codingPath = codingPath }

  /// The value's JSON.
  static func encode(_ value: some Encodable) throws(DSXError) -> JSONValue {
    let encoder = JSONValueEncoder()
    do { try encoder.put(value) } catch {
      throw error as? DSXError
        ?? DSXError(.internal, "statistics cannot be written", underlying: "\(error)")
    }
    return encoder.json
  }

  private var json: JSONValue {
    switch form {
    case .empty: .object([])
    case .single(let value): value
    case .keyed(let members): .object(members.map { .init($0.name, $0.1.json) })
    case .list(let elements): .array(elements.map(\.json))
    }
  }

  /// Plain values directly, others by their own `encode`.
  func put(_ value: some Encodable) throws {
    switch value {
    case let value as [Int]: form = .single(.array(value.map { .int(Int64($0)) }))
    case let value as [Int64]: form = .single(.array(value.map { .int($0) }))
    case let value as [Double]: form = .single(.array(value.map { .double($0) }))
    case let value as [String]: form = .single(.array(value.map { .string($0) }))
    default: try value.encode(to: self)
    }
  }

  func child(_ key: any CodingKey) -> JSONValueEncoder {
    let child = JSONValueEncoder(codingPath: codingPath + [key])
    if case .keyed(var members) = form {
      form = .empty
      members.append((key.stringValue, child))
      form = .keyed(members)
    } else {
      form = .keyed([(key.stringValue, child)])
    }
    return child
  }

  func element() -> JSONValueEncoder {
    let child = JSONValueEncoder(codingPath: codingPath)
    if case .list(var elements) = form {
      form = .empty
      elements.append(child)
      form = .list(elements)
    } else {
      form = .list([child])
    }
    return child
  }

  func set(_ value: JSONValue) { form = .single(value) }

  var elementCount: Int { if case .list(let elements) = form { elements.count } else { 0 } }

  func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .empty = form { form = .keyed([]) }
    return KeyedEncodingContainer(Keyed<Key>(encoder: self))
  }
  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .empty = form { form = .list([]) }
    return Unkeyed(encoder: self)
  }
  func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }
}

extension JSONValueEncoder {
  struct Single: SingleValueEncodingContainer {
    let encoder: JSONValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encodeNil() { encoder.set(.null) }
    mutating func encode(_ value: Bool) { encoder.set(.bool(value)) }
    mutating func encode(_ value: String) { encoder.set(.string(value)) }
    mutating func encode(_ value: Double) { encoder.set(.double(value)) }
    mutating func encode(_ value: Float) { encoder.set(.double(Double(value))) }
    mutating func encode(_ value: some BinaryInteger & Encodable) throws {
      guard let whole = Int64(exactly: value) else {
        throw DSXError(.internal, "a count of statistics is over 2^63")
      }
      encoder.set(.int(whole))
    }
    mutating func encode(_ value: some Encodable) throws { try encoder.put(value) }
  }

  struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: JSONValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encodeNil(forKey key: Key) { encoder.child(key).set(.null) }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
      try encoder.child(key).put(value)
    }
    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { encoder.child(key).container(keyedBy: type) }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      encoder.child(key).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { encoder }
    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder.child(key) }
  }

  struct Unkeyed: UnkeyedEncodingContainer {
    let encoder: JSONValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.elementCount }

    mutating func encodeNil() { encoder.element().set(.null) }
    mutating func encode(_ value: some Encodable) throws { try encoder.element().put(value) }
    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> { encoder.element().container(keyedBy: type) }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
      encoder.element().unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { encoder.element() }
  }
}
