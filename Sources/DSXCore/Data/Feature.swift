/// What the values of a field mean beyond the type that they are stored in.
///
/// A data set may know more than MindRecord's six types: truth values, small integers, class labels,
/// nested values. Each has one stored type, so that batches, record files and metrics need to know
/// that one only; the feature says how to show the values and how to give them back.
public indirect enum Feature: Hashable, Sendable {
  /// The stored type says all.
  case plain
  /// Truth values, stored as int32: 0 and 1.
  case bool
  /// Small integers of `bits` 8 or 16, or unsigned ones of 8 or 16, stored as int32; unsigned ones of 32 as
  /// int64.
  case integer(bits: Int, signed: Bool)
  /// IEEE half precision, stored as float32.
  case float16
  /// The number of a class, stored as int32 or int64; names by number.
  case classLabel([String])
  /// Any JSON value, stored as its text.
  case json
  /// A list of values, stored as the JSON text of an array.
  case list(of: FieldType)
  /// The path of a file, stored as text: a column `NAME:FILE` of ModelScope's tables.
  case file
  /// An encoded image (JPEG, PNG), stored as bytes.
  case image
}
