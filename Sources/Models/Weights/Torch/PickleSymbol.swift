/// The only symbols that a pickle may name. None of them is a thing that could be called: the machine
/// knows what each means.
enum PickleSymbol {
  case orderedDictionary
  /// `(storage, offset, size, stride, requires_grad, hooks[, metadata])`
  case rebuildTensor
  /// The same with the element type as seventh.
  case rebuildTensorOfType
  /// `(tensor, requires_grad, hooks)`
  case rebuildParameter
  case size
  /// A storage of typed elements; nil for bytes whose type the tensor states.
  case storage(ElementType?)
  case type(ElementType)

  /// The symbol `module name`, or nil for any that is not on the list.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTensorOfType
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "Size"): self = .size
    case ("torch", "UntypedStorage"), ("torch.storage", "UntypedStorage"): self = .storage(nil)
    case ("torch", let name):
      if let type = Self.storages.first(where: { $0.0 == name })?.1 {
        self = .storage(type)
      } else if let type = Self.types.first(where: { $0.0 == name })?.1 {
        self = .type(type)
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let storages: [(String, ElementType)] = [
    ("DoubleStorage", .f64), ("FloatStorage", .f32), ("HalfStorage", .f16),
    ("BFloat16Storage", .bf16), ("LongStorage", .i64), ("IntStorage", .i32), ("ShortStorage", .i16),
    ("CharStorage", .i8), ("ByteStorage", .u8), ("BoolStorage", .bool),
  ]
  private static let types: [(String, ElementType)] = [
    ("float64", .f64), ("float32", .f32), ("float16", .f16), ("bfloat16", .bf16), ("int64", .i64),
    ("int32", .i32), ("int16", .i16), ("int8", .i8), ("uint64", .u64), ("uint32", .u32),
    ("uint16", .u16), ("uint8", .u8), ("bool", .bool),
  ]
}
