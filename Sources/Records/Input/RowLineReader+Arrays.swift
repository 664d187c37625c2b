internal import DSXCore

/// Arrays of a row.
extension RowLineReader {
  /// Reads an array field in either form and checks its shape.
  func array(_ scanner: inout RowScanner, _ column: ColumnBuilder) throws(RowFault) {
    let field = column.field
    let words = scanner
    var shape: [Int]?
    switch scanner.peek() {
    case UInt8(ascii: "["):
      var found = Array(repeating: -1, count: field.shape?.count ?? 1)
      try nested(&scanner, column, depth: 0, &found)
      // A list without elements says nothing about the inner dimensions.
      shape = found.contains(-1) ? nil : found
    case UInt8(ascii: "{"): shape = try object(&scanner, column)
    default:
      throw RowFault(
        .wrongType, field: field.name,
        "the field '\(field.name)' is \(field.typeText), but the value is \(scanner.valueText())")
    }
    let count = column.rowCount
    let step = field.elementsPerStep ?? 1
    let fits = field.isOpen ? count % step == 0 : count == step
    let named = shape ?? field.shape ?? []
    // A named shape must be the field's, and hold exactly the data.
    let isNamedRight =
      shape == nil
      || (named.count == field.shape?.count
        && zip(named, field.shape ?? []).allSatisfy { $0 == $1 || ($1 == -1 && $0 >= 0) }
        && Self.product(named) == count)
    guard fits, isNamedRight else {
      let text =
        shape.map { "the shape [" + $0.map(String.init).joined(separator: ", ") + "] and " } ?? ""
      throw RowFault(
        .wrongShape, field: field.name,
        "the field '\(field.name)' is \(field.typeText), but the row has \(text)\(count) elements: "
          + words.valueText())
    }
  }

  /// nil when it overflows.
  private static func product(_ shape: [Int]) -> Int? {
    var product = 1
    for dimension in shape {
      let (next, overflows) = product.multipliedReportingOverflow(by: dimension)
      guard !overflows else { return nil }
      product = next
    }
    return product
  }

  /// `{"dtype": ..., "shape": [...], "data": [...]}`; returns the shape, where it is named.
  private func object(_ scanner: inout RowScanner, _ column: ColumnBuilder) throws(RowFault)
    -> [Int]?
  {
    let field = column.field
    func wrong(_ message: String) -> RowFault {
      RowFault(
        .wrongType, field: field.name,
        "the field '\(field.name)' is \(field.typeText), but \(message)")
    }
    var shape: [Int]?
    var hasData = false
    var names: [String] = []
    scanner.position += 1
    if scanner.peek() == UInt8(ascii: "}") { throw wrong("the value has no data") }
    repeat {
      var key: [UInt8] = []
      try scanner.string(into: &key)
      try scanner.expect(UInt8(ascii: ":"))
      let name = String(decoding: key, as: UTF8.self)
      guard !names.contains(name) else { throw wrong("the value has '\(name)' twice") }
      names.append(name)
      switch name {
      case "dtype":
        let words = scanner.valueText()
        guard words == "\"\(field.type.rawValue)\"" else { throw wrong("its dtype is \(words)") }
        try scanner.skipValue()
      case "shape":
        guard scanner.peek() == UInt8(ascii: "[") else {
          throw wrong("its shape is \(scanner.valueText())")
        }
        shape = try dimensions(&scanner, wrong)
      case "data":
        guard scanner.peek() == UInt8(ascii: "[") else {
          throw wrong("its data is \(scanner.valueText())")
        }
        try flat(&scanner, column)
        hasData = true
      default: throw wrong("the value has an unknown member '\(name.prefix(60))'")
      }
    } while try scanner.goesOn(UInt8(ascii: "}"))
    guard hasData else { throw wrong("the value has no data") }
    return shape
  }

  private func dimensions(_ scanner: inout RowScanner, _ wrong: (String) -> RowFault)
    throws(RowFault) -> [Int]
  {
    scanner.position += 1
    var found: [Int] = []
    if scanner.peek() == UInt8(ascii: "]") {
      scanner.position += 1
      return found
    }
    repeat {
      let words = scanner
      let byte = scanner.peek()
      guard byte &- 0x30 <= 9 else { throw wrong("its shape holds \(words.valueText())") }
      let (text, isInteger) = try scanner.number()
      guard isInteger, let size = scanner.integer(text), size <= 1 << 40, found.count < 64 else {
        throw wrong("its shape holds \(words.valueText())")
      }
      found.append(Int(size))
    } while try scanner.goesOn(UInt8(ascii: "]"))
    return found
  }

  /// A flat list of numbers; the next byte is its bracket.
  private func flat(_ scanner: inout RowScanner, _ column: ColumnBuilder) throws(RowFault) {
    scanner.position += 1
    if scanner.peek() == UInt8(ascii: "]") {
      scanner.position += 1
      return
    }
    repeat { try column.number(&scanner) } while try scanner.goesOn(UInt8(ascii: "]"))
  }

  /// Nested lists as deep as the shape; `found` gets the sizes and must be the same in every branch.
  private func nested(
    _ scanner: inout RowScanner, _ column: ColumnBuilder, depth: Int, _ found: inout [Int]
  ) throws(RowFault) {
    let field = column.field
    guard scanner.peek() == UInt8(ascii: "[") else {
      throw RowFault(
        .wrongShape, field: field.name,
        "the field '\(field.name)' is \(field.typeText), but its lists are "
          + (depth == 0 ? "missing" : "nested \(depth) deep") + ": \(scanner.valueText())")
    }
    var count = 0
    scanner.position += 1
    if scanner.peek() == UInt8(ascii: "]") {
      scanner.position += 1
    } else {
      repeat {
        if depth + 1 == found.count {
          try column.number(&scanner)
        } else {
          try nested(&scanner, column, depth: depth + 1, &found)
        }
        count += 1
      } while try scanner.goesOn(UInt8(ascii: "]"))
    }
    guard found[depth] == -1 || found[depth] == count else {
      throw RowFault(
        .wrongShape, field: field.name,
        "the field '\(field.name)' is \(field.typeText), but its lists have \(found[depth]) and "
          + "\(count) elements at the same depth")
    }
    found[depth] = count
  }
}
