internal import DSXCore

extension RunReport {
  /// The report with another name for its model: what a recipe calls it (`as`), or what tells it from
  /// another folder of the same name.
  func named(model name: String) -> RunReport {
    var copy = self
    copy.model = .object(
      [.init("name", .string(name))] + (model.object ?? []).filter { $0.name != "name" })
    return copy
  }
}
