internal import DSXCore
internal import Settings

/// The keys of a task.yaml, with those of one variant over them.
struct TaskKeys {
  let base: StrictYAML
  let variant: StrictYAML?

  /// The mapping that holds a key: the variant's wins.
  func place(_ key: String) -> StrictYAML {
    if let variant, variant.keys.contains(key) { return variant }
    return base
  }

  func has(_ key: String) -> Bool {
    base.keys.contains(key) || variant?.keys.contains(key) == true
  }

  func fault(_ key: String, _ message: String, hint: String? = nil) -> DSXError {
    place(key).fault(key, message, hint: hint)
  }

  func text(_ key: String) throws(DSXError) -> String? { try place(key).text(key) }

  /// A flag; nil when the key is not there.
  func flag(_ key: String) throws(DSXError) -> Bool? { try Self.flag(place(key), key) }

  static func flag(_ yaml: StrictYAML, _ key: String) throws(DSXError) -> Bool? {
    guard let value = try yaml.value(key) else { return nil }
    guard let flag = value.bool else {
      throw yaml.fault(key, "'\(key)' is neither true nor false")
    }
    return flag
  }

  /// A whole number of at least `least`; nil when the key is not there.
  func integer(_ key: String, least: Int) throws(DSXError) -> Int? {
    try Self.integer(place(key), key, least: least)
  }

  static func integer(_ yaml: StrictYAML, _ key: String, least: Int) throws(DSXError) -> Int? {
    guard yaml.keys.contains(key) else { return nil }
    let value = try yaml.integer(key)
    guard value >= least else { throw yaml.fault(key, "'\(key)' must be at least \(least)") }
    return value
  }

  /// A list of texts, or one text as a list of one; nil when the key is not there.
  func texts(_ key: String) throws(DSXError) -> [String]? {
    guard has(key) else { return nil }
    let yaml = place(key)
    if let value = try yaml.value(key), value.array == nil, value.object == nil {
      return try yaml.text(key).map { [$0] }
    }
    return try yaml.list(key)
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type)
    throws(DSXError) -> Choice? where Choice.RawValue == String
  { try place(key).choice(key, type) }

  func mapping(_ key: String) throws(DSXError) -> StrictYAML? { try place(key).mapping(key) }

  func template(_ key: String) throws(DSXError) -> PromptTemplate? {
    guard let source = try text(key) else { return nil }
    do throws(DSXError) { return try PromptTemplate(source) } catch {
      throw fault(key, error.message, hint: error.hint)
    }
  }
}
