public import DSXCore

/// A change of batches, and the change of their schema that belongs to it.
///
/// `make` is called once a thread with the input's schema and gives that thread's own working code, so
/// that it may keep buffers or C handles. Errors about a row put `batch.firstRow + index` into their
/// location; the pipeline turns it into the row of the source. A transform that keeps the number of rows
/// is taken to keep their order; rows may be added and left out too, but are then without a place.
public struct BatchTransform: Sendable {
  /// Its name in messages and recipes.
  public let name: String
  /// What decides its results: part of a saved position's pipeline.
  public let parameters: [JSONValue.Member]
  /// The schema that it makes of another one; throws when it does not take it.
  public let schema: @Sendable (Schema) throws(DSXError) -> Schema
  /// Makes one thread's code, for a pass of a `repeat`. It is given the row numbers in the source too
  /// when it asks for them; else an empty list.
  let make: @Sendable (Schema, Int) throws(DSXError) -> Body
  /// One thread's code.
  typealias Body = (Batch, [Int], inout RowDrops) throws(DSXError) -> Batch
  /// Whether it asks for the rows' numbers.
  let isNumbered: Bool
  /// Whether its batches need no check against the schema.
  let isTrusted: Bool

  /// A transform.
  public init(
    _ name: String, parameters: [JSONValue.Member] = [],
    schema: @escaping @Sendable (Schema) throws(DSXError) -> Schema,
    make: @escaping @Sendable (Schema) throws(DSXError) -> (Batch) throws(DSXError) -> Batch
  ) {
    self.init(name, parameters: parameters, isTrusted: false, schema: schema, make: make)
  }

  /// A transform that draws random numbers for each row, or leaves rows out.
  ///
  /// Its code is made for a pass of a `repeat` (0 without one) and given the number that each row has in
  /// its source, so that a row's draws depend neither on batches nor on threads; it throws `usage`
  /// behind a stage that makes new rows. Rows that it leaves out go into the `RowDrops` with their reason:
  /// they are counted, and the others keep their place.
  public init(
    numbered name: String, parameters: [JSONValue.Member] = [],
    schema: @escaping @Sendable (Schema) throws(DSXError) -> Schema,
    make:
      @escaping @Sendable (Schema, Int) throws(DSXError) -> (
        Batch, [Int], inout RowDrops
      ) throws(DSXError) -> Batch
  ) {
    self.name = name
    self.parameters = parameters
    isTrusted = false
    isNumbered = true
    self.schema = schema
    self.make = make
  }

  init(
    _ name: String, parameters: [JSONValue.Member], isTrusted: Bool,
    schema: @escaping @Sendable (Schema) throws(DSXError) -> Schema,
    make: @escaping @Sendable (Schema) throws(DSXError) -> (Batch) throws(DSXError) -> Batch
  ) {
    self.name = name
    self.parameters = parameters
    self.isTrusted = isTrusted
    isNumbered = false
    self.schema = schema
    self.make = { (schema, _) throws(DSXError) in
      let body = try make(schema)
      return { (batch, _, _) throws(DSXError) in try body(batch) }
    }
  }
}
