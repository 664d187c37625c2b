/// What a pickle of tensors is made of.
///
/// Containers are places in the machine's lists and not references: a pickle may nest them a million
/// deep or in a circle, and nothing here follows them by itself.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case text(String)
  case symbol(PickleSymbol)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case storage(Int)
  case tensor(Int)
}
