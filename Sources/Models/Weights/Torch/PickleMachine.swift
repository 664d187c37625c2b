internal import DSXCore

/// A pickle as data: a stack machine that knows what `torch.save` writes, and nothing else.
///
/// It calls nothing. A symbol that is not on `PickleSymbol`'s list, an opcode that tensors do not need,
/// or arguments of another kind are errors that name it. Memory grows with the bytes of the pickle: what
/// copies more than it takes is charged (`charge`).
struct PickleMachine {
  /// Pickles above this size are refused; those of real models have at most a few megabytes.
  static let longest = 16 << 20

  var tuples: [[PickleValue]] = []
  var lists: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [PickleStorage] = []
  var tensors: [PickleTensor] = []

  private var reader: ByteReader
  var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  var storageNumbers: [String: Int] = [:]
  /// Values that may still be copied: a remembered list can be copied by an opcode of two bytes.
  private var budget: Int
  /// Where the opcode stands that is being done.
  private var offset = 0

  /// A machine for the pickle that begins at byte `base` of the file and ends somewhere in `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, base: Int) {
    reader = ByteReader(bytes, base: base)
    budget = 2 * min(bytes.count, Self.longest) + (64 << 10)
  }

  /// Bytes that the pickle took.
  var size: Int { reader.position }

  func fault(_ message: String) -> DSXError {
    DSXError(
      .malformed, "the pickle " + message, byte: offset,
      hint: "the file was cut or damaged, or torch.save did not write it")
  }

  func refusal(_ message: String) -> DSXError {
    DSXError(
      .unsupported, "the pickle " + message, byte: offset,
      hint: "nothing in a file is ever run: save model.state_dict() as safetensors, and use that")
  }

  /// Runs to the end of the pickle; returns what it describes.
  mutating func run() throws(DSXError) -> PickleValue {
    while true {
      offset = reader.offset
      guard reader.position < Self.longest else { throw fault("is too long") }
      let code = try reader.little(UInt8.self, "an opcode of the pickle")
      if code == UInt8(ascii: ".") {
        guard stack.count == 1, marks.isEmpty, let root = stack.first else {
          throw fault("ends with \(stack.count) values")
        }
        return root
      }
      if try literal(code) { continue }
      if try container(code) { continue }
      if try reference(code) { continue }
      throw refusal("uses the opcode 0x" + String(code, radix: 16) + ", which tensors do not need")
    }
  }

  // MARK: opcodes

  /// Opcodes that push a value of their own.
  private mutating func literal(_ code: UInt8) throws(DSXError) -> Bool {
    switch code {
    case 0x80:  // PROTO
      let version = try reader.little(UInt8.self, "the pickle's protocol")
      guard (2...5).contains(version) else { throw refusal("has the protocol \(version)") }
    case 0x95: _ = try reader.little(UInt64.self, "a frame of the pickle")
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "K"): stack.append(.int(Int64(try reader.little(UInt8.self))))
    case UInt8(ascii: "M"): stack.append(.int(Int64(try reader.little(UInt16.self))))
    case UInt8(ascii: "J"): stack.append(.int(Int64(try reader.little(Int32.self))))
    case 0x8a: stack.append(.int(try long()))
    case UInt8(ascii: "G"):
      stack.append(.double(Double(bitPattern: try reader.big(UInt64.self, "a number"))))
    case UInt8(ascii: "X"): stack.append(try text(Int(try reader.little(UInt32.self))))
    case 0x8c: stack.append(try text(Int(try reader.little(UInt8.self))))
    case 0x8d:
      let length = try reader.little(UInt64.self)
      stack.append(try text(Int(clamping: length)))
    // Texts of Python 2.
    case UInt8(ascii: "U"): stack.append(try text(Int(try reader.little(UInt8.self))))
    case UInt8(ascii: "T"):
      stack.append(try text(Int(try reader.little(Int32.self))))
    default: return false
    }
    return true
  }

  /// Opcodes that make and fill containers.
  private mutating func container(_ code: UInt8) throws(DSXError) -> Bool {
    switch code {
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: ")"): pushTuple([])
    case UInt8(ascii: "t"): pushTuple(try popMarked())
    case 0x85: pushTuple(try pop(1))
    case 0x86: pushTuple(try pop(2))
    case 0x87: pushTuple(try pop(3))
    case UInt8(ascii: "]"): pushList([])
    case UInt8(ascii: "l"): pushList(try popMarked())
    case UInt8(ascii: "}"): pushDictionary([])
    case UInt8(ascii: "d"): pushDictionary(try pairs(try popMarked()))
    case UInt8(ascii: "a"): try append(try pop(1))
    case UInt8(ascii: "e"): try append(try popMarked())
    case UInt8(ascii: "s"): try set(try pop(2))
    case UInt8(ascii: "u"): try set(try popMarked())
    case UInt8(ascii: "0"): _ = try pop(1)
    case UInt8(ascii: "1"): _ = try popMarked()
    default: return false
    }
    return true
  }

  /// Opcodes for the memo, symbols, and what is made from them.
  private mutating func reference(_ code: UInt8) throws(DSXError) -> Bool {
    switch code {
    case UInt8(ascii: "q"): try put(Int(try reader.little(UInt8.self)))
    case UInt8(ascii: "r"): try put(Int(try reader.little(UInt32.self)))
    case 0x94: try put(memo.count)
    case UInt8(ascii: "h"): try get(Int(try reader.little(UInt8.self)))
    case UInt8(ascii: "j"): try get(Int(try reader.little(UInt32.self)))
    case UInt8(ascii: "c"):
      let module = try line()
      try pushSymbol(module, try line())
    case 0x93:
      let names = try pop(2)
      guard case .text(let module) = names[0], case .text(let name) = names[1] else {
        throw fault("names a symbol by what is no text")
      }
      try pushSymbol(module, name)
    case UInt8(ascii: "R"):
      let call = try pop(2)
      guard case .symbol(let symbol) = call[0], case .tuple(let arguments) = call[1] else {
        throw fault("calls what is no symbol")
      }
      stack.append(try reduce(symbol, tuples[arguments]))
    case UInt8(ascii: "b"):
      // Attributes of a dictionary (torch keeps versions of modules there): read, not needed.
      let call = try pop(2)
      guard case .dictionary = call[0] else { throw refusal("sets attributes of an object") }
      stack.append(call[0])
    case UInt8(ascii: "Q"): try pushStorage(try pop(1)[0])
    default: return false
    }
    return true
  }

  // MARK: stack

  /// The top `count` values, the lowest first.
  private mutating func pop(_ count: Int) throws(DSXError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else { throw fault("takes from an empty stack") }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  private mutating func popMarked() throws(DSXError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw fault("lacks a mark") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func pushTuple(_ values: [PickleValue]) {
    tuples.append(values)
    stack.append(.tuple(tuples.count - 1))
  }

  private mutating func pushList(_ values: [PickleValue]) {
    lists.append(values)
    stack.append(.list(lists.count - 1))
  }

  private mutating func pushDictionary(_ pairs: [(key: PickleValue, value: PickleValue)]) {
    dictionaries.append(pairs)
    stack.append(.dictionary(dictionaries.count - 1))
  }

  private mutating func append(_ values: [PickleValue]) throws(DSXError) {
    guard stack.count > (marks.last ?? 0), case .list(let number)? = stack.last else {
      throw fault("appends to what is no list")
    }
    lists[number].append(contentsOf: values)
  }

  private mutating func set(_ values: [PickleValue]) throws(DSXError) {
    guard stack.count > (marks.last ?? 0), case .dictionary(let number)? = stack.last else {
      throw fault("sets members of what is no dictionary")
    }
    dictionaries[number].append(contentsOf: try pairs(values))
  }

  private func pairs(_ values: [PickleValue]) throws(DSXError) -> [(
    key: PickleValue, value: PickleValue
  )] {
    guard values.count % 2 == 0 else { throw fault("has a key without a value") }
    return stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }
  }

  private mutating func put(_ number: Int) throws(DSXError) {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw fault("remembers a value of an empty stack")
    }
    memo[number] = value
  }

  private mutating func get(_ number: Int) throws(DSXError) {
    guard let value = memo[number] else {
      throw fault("recalls value \(number), which is not there")
    }
    stack.append(value)
  }

  mutating func charge(_ count: Int) throws(DSXError) {
    budget -= count
    guard budget >= 0 else { throw fault("copies more than it holds") }
  }

  // MARK: operands

  /// A whole number of 0 to 8 bytes.
  private mutating func long() throws(DSXError) -> Int64 {
    let length = Int(try reader.little(UInt8.self, "a number of the pickle"))
    guard length <= 8 else { throw refusal("holds a whole number of \(length) bytes") }
    var bits: UInt64 = 0
    for (index, byte) in try reader.take(length, "a number of the pickle").enumerated() {
      bits |= UInt64(byte) << (8 * UInt64(index))
    }
    guard length > 0 else { return 0 }
    let unused = UInt64(64 - 8 * length)
    return Int64(bitPattern: bits << unused) >> Int64(unused)
  }

  private mutating func text(_ length: Int) throws(DSXError) -> PickleValue {
    let bytes = try reader.take(length, "a text of the pickle")
    guard UTF8Validation.firstInvalid(bytes) == nil else {
      throw fault("has a text that is not UTF-8")
    }
    return .text(String(decoding: bytes, as: UTF8.self))
  }

  /// A line of a symbol's name.
  private mutating func line() throws(DSXError) -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try reader.little(UInt8.self, "a symbol of the pickle")
      if byte == 0x0a { break }
      guard bytes.count < 255 else { throw fault("names a symbol of more than 255 bytes") }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
