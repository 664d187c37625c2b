public import DSXCore

extension TensorRecipe {
  /// The elements, row-major and little-endian. Memory: the mapping for a stored tensor, else the result
  /// and, while it is made, each part in turn.
  ///
  /// Throws `corrupt` for a damaged packed member.
  public func bytes() throws(DSXError) -> TensorBytes {
    switch step {
    case .stored(let entry, let file): return try file.bytes(of: entry)
    case .floats(let recipe):
      let raw = try recipe.bytes()
      let floats = FloatTensor(raw, recipe.type, recipe.shape)
      let memory = room()
      floats.withElements { memory.copyMemory(from: UnsafeRawBufferPointer($0)) }
      return TensorBytes(owning: memory)
    case .reshaped(let recipe): return try recipe.bytes()
    case .part(let recipe, let axis, let range):
      let inner = inner(axis)
      let (from, to) = (recipe.shape[axis] * inner, range.count * inner)
      let source = try recipe.bytes()
      let memory = room()
      source.withBytes { bytes in
        Self.copyRuns(
          bytes, every: from, skip: range.lowerBound * inner, to: memory, every: to, skip: 0,
          length: to)
      }
      return TensorBytes(owning: memory)
    case .joined(let parts, let axis):
      let inner = inner(axis)
      let memory = room()
      var start = 0
      for part in parts {
        let length = part.shape[axis] * inner
        do throws(DSXError) {
          try part.bytes().withBytes { bytes in
            Self.copyRuns(
              bytes, every: length, skip: 0, to: memory, every: shape[axis] * inner, skip: start,
              length: length)
          }
        } catch {
          memory.deallocate()
          throw error
        }
        start += length
      }
      return TensorBytes(owning: memory)
    case .exchanged(let recipe, let axis):
      let source = try recipe.bytes()
      let memory = room()
      source.withBytes { exchange($0, axis, into: memory) }
      return TensorBytes(owning: memory)
    }
  }

  private func room() -> UnsafeMutableRawBufferPointer {
    .allocate(byteCount: count * type.blockBytes, alignment: 64)
  }

  /// Bytes of one step along an axis.
  private func inner(_ axis: Int) -> Int {
    shape[(axis + 1)...].reduce(type.blockBytes, *)
  }

  /// Copies a run of each period of the source into each period of the target.
  private static func copyRuns(
    _ source: UnsafeRawBufferPointer, every sourceStep: Int, skip sourceSkip: Int,
    to target: UnsafeMutableRawBufferPointer, every targetStep: Int, skip targetSkip: Int,
    length: Int
  ) {
    guard length > 0, let from = source.baseAddress, let to = target.baseAddress else { return }
    for index in 0..<source.count / sourceStep {
      (to + index * targetStep + targetSkip).copyMemory(
        from: from + index * sourceStep + sourceSkip, byteCount: length)
    }
  }

  /// [outer, rows, columns, inner] from [outer, columns, rows, inner].
  private func exchange(
    _ source: UnsafeRawBufferPointer, _ axis: Int, into target: UnsafeMutableRawBufferPointer
  ) {
    guard let from = source.baseAddress, let to = target.baseAddress, !source.isEmpty else {
      return
    }
    let (rows, columns) = (shape[axis], shape[axis + 1])
    let inner = inner(axis + 1)
    let plane = rows * columns * inner
    for start in stride(from: 0, to: source.count, by: plane) {
      switch inner {
      case 8: Self.turn(UInt64.self, from + start, to + start, rows, columns)
      case 4: Self.turn(UInt32.self, from + start, to + start, rows, columns)
      case 2: Self.turn(UInt16.self, from + start, to + start, rows, columns)
      default:
        for row in 0..<rows {
          for column in 0..<columns {
            (to + start + (row * columns + column) * inner).copyMemory(
              from: from + start + (column * rows + row) * inner, byteCount: inner)
          }
        }
      }
    }
  }

  /// A matrix in squares of 32, whose rows stay in the cache.
  private static func turn<Word: FixedWidthInteger>(
    _: Word.Type, _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ rows: Int,
    _ columns: Int
  ) {
    let size = MemoryLayout<Word>.size
    for top in stride(from: 0, to: rows, by: 32) {
      for left in stride(from: 0, to: columns, by: 32) {
        for row in top..<min(top + 32, rows) {
          for column in left..<min(left + 32, columns) {
            to.storeBytes(
              of: from.loadUnaligned(
                fromByteOffset: (column * rows + row) * size, as: Word.self),
              toByteOffset: (row * columns + column) * size, as: Word.self)
          }
        }
      }
    }
  }
}
