internal import DSXCore

/// Changes of text columns.
extension BatchTransform {
  /// Letters to lower case by Unicode's default mapping, whatever the locale.
  public static func lowercase(_ columns: [String]) -> BatchTransform {
    text("lowercase", columns) { text, out in
      if text.allSatisfy({ $0 < 0x80 }) {
        for byte in text { out.append((0x41...0x5a).contains(byte) ? byte | 0x20 : byte) }
      } else {
        out.append(contentsOf: String(decoding: text, as: UTF8.self).lowercased().utf8)
      }
    }
  }

  /// Unicode white space at both ends taken away.
  public static func strip(_ columns: [String]) -> BatchTransform {
    text("strip", columns) { text, out in
      let scalars = Substring(decoding: text, as: UTF8.self).unicodeScalars
      func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
      guard let first = scalars.firstIndex(where: { !isBlank($0) }),
        let last = scalars.lastIndex(where: { !isBlank($0) })
      else { return }
      out.append(contentsOf: String(scalars[first...last]).utf8)
    }
  }

  /// A change of every text of some columns.
  private static func text(
    _ name: String, _ columns: [String],
    _ change: @escaping @Sendable (ArraySlice<UInt8>, inout [UInt8]) -> Void
  ) -> BatchTransform {
    BatchTransform(
      name, parameters: [.init("columns", .array(columns.map { .string($0) }))], isTrusted: true,
      schema: { (schema) throws(DSXError) in
        for column in columns {
          let field = schema.fields[try schema.number(of: column)]
          guard field.type == .string, field.shape == nil else {
            throw DSXError(
              .usage,
              "the stage '\(name)' changes texts, but '\(column)' is \(field.type.rawValue)",
              hint: "name text columns")
          }
        }
        guard !columns.isEmpty else {
          throw DSXError(.usage, "the stage '\(name)' names no column")
        }
        return schema
      },
      make: { (schema) throws(DSXError) in
        var numbers: [Int] = []
        for column in columns { numbers.append(try schema.number(of: column)) }
        let chosen = numbers
        return { (batch) throws(DSXError) in
          var batch = batch
          for number in chosen {
            let column = batch.columns[number]
            guard case .bytes(let bytes) = column.elements, let offsets = column.offsets else {
              continue
            }
            var out: [UInt8] = []
            out.reserveCapacity(bytes.count)
            var ends = [0]
            ends.reserveCapacity(offsets.count)
            for row in 0..<column.rows {
              change(bytes[offsets[row]..<offsets[row + 1]], &out)
              ends.append(out.count)
            }
            batch.columns[number] = Column(
              .bytes(out), offsets: ends, validity: column.validity)
          }
          return batch
        }
      })
  }
}
