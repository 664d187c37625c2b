internal import DSXCore

/// A schema sorted out for the codec: which fields lie in raw records, which in blob records.
///
/// Field numbers refer to `fields`, which is sorted by the UTF-8 bytes of the names.
struct RecordPlan: Hashable, Sendable {
  /// All fields, sorted by name.
  let fields: [Field]
  /// Scalars other than bytes, in name order: members of the raw map.
  let raw: [Int]
  /// `bytes` fields and arrays, in blob order (name order in every file that MindSpore writes).
  let blob: [Int]
  /// The index fields, in declared order.
  let index: [Int]
  /// `desc`.
  let description: String
  /// `dsx_schema`.
  let original: JSONValue?

  /// A plan; `blobOrder` is a file's own `blob_fields`.
  init(_ record: RecordSchema, floatsIndexed: Bool, blobOrder: [String]? = nil) throws(DSXError) {
    let sorted = record.schema.fields.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    fields = sorted
    description = record.description
    original = record.original
    // First: what follows takes time with the square of the number of fields.
    try Self.check(fields: sorted)
    raw = sorted.indices.filter { !sorted[$0].isBlob }
    let blobs = sorted.indices.filter { sorted[$0].isBlob }
    if let blobOrder {
      var order: [Int] = []
      for name in blobOrder {
        guard let number = blobs.first(where: { sorted[$0].name == name }), !order.contains(number)
        else {
          throw DSXError(.malformed, "blob_fields names '\(name)', which is no blob field")
        }
        order.append(number)
      }
      guard order.count == blobs.count else {
        throw DSXError(.malformed, "blob_fields leaves out a bytes or array field of the schema")
      }
      blob = order
    } else {
      blob = blobs
    }
    if let names = record.indexFields {
      var numbers: [Int] = []
      for name in names {
        guard let number = sorted.firstIndex(where: { $0.name == name }) else {
          throw DSXError(.usage, "the index field '\(name)' is not in the schema")
        }
        guard !sorted[number].isBlob else {
          throw DSXError(
            .usage, "the field '\(name)' cannot be indexed: it is an array or bytes field",
            hint: "index string, integer or float scalars")
        }
        guard !numbers.contains(number) else {
          throw DSXError(.usage, "the index field '\(name)' is named twice")
        }
        numbers.append(number)
      }
      index = numbers
    } else {
      index = raw.filter { floatsIndexed || !sorted[$0].type.isFloat }
    }
    try Self.check(index: index.map { sorted[$0].name })
  }

  /// The schema as a user sees it.
  var record: RecordSchema {
    RecordSchema(
      Schema(fields), description: description, indexFields: index.map { fields[$0].name },
      original: original)
  }
}

extension RecordPlan {
  /// More fields are refused: a row costs time and stack for each.
  static let fieldLimit = 1000
  /// INDEXES has 8 columns and two for each index field; SQLite takes 2000.
  static let indexLimit = 996

  private static func check(fields: [Field]) throws(DSXError) {
    guard !fields.isEmpty else {
      throw DSXError(.usage, "a record schema needs at least one field")
    }
    guard fields.count <= fieldLimit else {
      throw DSXError(
        .usage, "the record schema has \(fields.count) fields; at most \(fieldLimit) are taken",
        hint: "store several values as one array")
    }
    for (number, field) in fields.enumerated() {
      let valid = field.name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
      guard valid, !field.name.isEmpty else {
        throw DSXError(
          .usage, "the field name '\(field.name)' cannot be stored in a MindRecord",
          hint: "use letters a-z, digits and '_' only")
      }
      guard number == 0 || fields[number - 1].name != field.name else {
        throw DSXError(.usage, "the schema has the field '\(field.name)' twice")
      }
      guard let shape = field.shape else { continue }
      guard field.type != .string, field.type != .bytes else {
        throw DSXError(
          .usage, "the field '\(field.name)' is \(field.type.rawValue) with a shape",
          hint: "arrays are int32, int64, float32 or float64; store text as one string")
      }
      let open = shape.count { $0 == -1 }
      guard !shape.isEmpty, open <= 1, shape.allSatisfy({ $0 > 0 || $0 == -1 }),
        field.elementsPerStep != nil
      else {
        throw DSXError(
          .usage, "the field '\(field.name)' has the shape \(shape)",
          hint: "dimensions are positive, and at most one of them is -1")
      }
    }
  }

  /// The index columns are `NAME_0` and `INC_i` in SQLite, which does not tell upper from lower case.
  private static func check(index names: [String]) throws(DSXError) {
    guard names.count <= indexLimit else {
      throw DSXError(
        .usage, "there are \(names.count) index fields; an index holds at most \(indexLimit)",
        hint: "list in index_fields those that queries need")
    }
    var seen: Set<String> = ["inc"]
    for name in names {
      if let first = name.utf8.first, (0x30...0x39).contains(first) {
        throw DSXError(
          .usage, "the field '\(name)' cannot be indexed: its name starts with a digit",
          hint: "rename it, or leave it out of the index fields")
      }
      guard seen.insert(name.lowercased()).inserted else {
        throw DSXError(
          .usage, "the index field '\(name)' clashes with another column of the index",
          hint: "index names must differ in more than upper and lower case, and INC is taken")
      }
    }
  }
}

extension Field {
  /// Whether it lies in blob records.
  var isBlob: Bool { shape != nil || type == .bytes }

  /// The product of the dimensions other than -1; nil when it overflows. 1 for scalars.
  var elementsPerStep: Int? {
    var product = 1
    for dimension in shape ?? [] where dimension != -1 {
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow, next <= 1 << 40 else { return nil }
      product = next
    }
    return product
  }

  /// Whether the number of elements differs from row to row.
  var isOpen: Bool { shape?.contains(-1) ?? false }

  /// `int32[-1, 4]`, `string`.
  var typeText: String {
    guard let shape else { return type.rawValue }
    return type.rawValue + "[" + shape.map(String.init).joined(separator: ", ") + "]"
  }
}

extension FieldType {
  /// float32 or float64.
  var isFloat: Bool { self == .float32 || self == .float64 }
  /// Bytes of an array element.
  var width: Int {
    switch self {
    case .int32, .float32: 4
    case .int64, .float64: 8
    case .string, .bytes: 1
    }
  }
}
