/// Memory that holds a compiled dictionary that could not be mapped from the cache.
final class MemoryBlock: @unchecked Sendable {
  // Sendable: written in `init` only.
  let bytes: UnsafeRawBufferPointer

  init(_ content: [UInt8]) {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
    content.withUnsafeBytes { block.copyMemory(from: $0) }
    bytes = UnsafeRawBufferPointer(block)
  }

  deinit { bytes.deallocate() }
}
