import DSXCore
import Testing

@testable import Models

/// Pickles that no `torch.save` writes.
@Suite struct PickleTests {
  private func run(_ bytes: [UInt8]) -> Result<PickleValue, DSXError> {
    bytes.withUnsafeBytes { buffer in
      var machine = PickleMachine(buffer, base: 0)
      do throws(DSXError) { return .success(try machine.run()) } catch { return .failure(error) }
    }
  }

  private func error(_ bytes: [UInt8]) -> DSXError? {
    if case .failure(let error) = run(bytes) { error } else { nil }
  }

  private let start: [UInt8] = [0x80, 2]

  @Test func symbolsAreNamed() {
    for (symbol, shown) in [
      ("posix\nsystem\n", "posix.system"), ("builtins\neval\n", "builtins.eval"),
      ("torch\nload\n", "torch.load"), ("collections\nOrderedDictX\n", "collections.OrderedDictX"),
    ] {
      let found = error(start + [UInt8(ascii: "c")] + Array(symbol.utf8) + [UInt8(ascii: ".")])
      #expect(found?.code == .unsupported && found?.message.contains(shown) == true)
      #expect(found?.location.byte == 2)
    }
  }

  @Test func opcodesOfObjectsAreRefused() {
    // INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, PERSID, STRING, BYTEARRAY8, NEXT_BUFFER
    for code in [0x69, 0x6f, 0x81, 0x92, 0x82, 0x50, 0x53, 0x96, 0x97] as [UInt8] {
      #expect(error(start + [0x29, 0x29, code])?.code == .unsupported, "\(code)")
    }
  }

  @Test func brokenStacks() {
    let bad: [[UInt8]] = [
      [0x2e], [0x28, 0x2e], [0x74, 0x2e], [0x85, 0x2e], [0x61, 0x2e], [0x75, 0x2e], [0x52, 0x2e],
      [0x4e, 0x4e, 0x52, 0x2e], [0x51, 0x2e], [0x4e, 0x51, 0x2e], [0x68, 9, 0x2e], [0x71, 0, 0x2e],
      [0x4e, 0x4e, 0x2e], [0x28, 0x4e, 0x85, 0x2e], [0x7d, 0x28, 0x4e, 0x75, 0x2e], [0x62, 0x2e],
      [0x8a, 9], [0x58, 255, 255, 255, 255], [0x8d, 255, 255, 255, 255, 255, 255, 255, 255],
      [0x54, 255, 255, 255, 255], [0x7d, 0x28, 0x30, 0x2e], [],
    ]
    for bytes in bad { #expect(error(start + bytes) != nil, "\(bytes)") }
  }

  /// `_rebuild_tensor_v2(storage, 0, (1,), (1,), False, OrderedDict(), {name: value})`
  private func tensor(_ name: String, _ value: UInt8) -> [UInt8] {
    func text(_ text: String) -> [UInt8] { [0x8c, UInt8(text.utf8.count)] + Array(text.utf8) }
    func symbol(_ module: String, _ name: String) -> [UInt8] {
      [UInt8(ascii: "c")] + Array("\(module)\n\(name)\n".utf8)
    }
    var bytes = start + symbol("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28]
    bytes += text("storage") + symbol("torch", "FloatStorage") + text("0") + text("cpu")
    bytes += [0x4b, 1, 0x74, 0x51, 0x4b, 0, 0x4b, 1, 0x85, 0x4b, 1, 0x85, 0x89]
    bytes += symbol("collections", "OrderedDict") + [0x29, 0x52, 0x7d] + text(name)
    return bytes + [value, 0x73, 0x74, 0x52, 0x2e]
  }

  /// What stands beside a tensor may change what its elements mean.
  @Test func factsBesideATensor() {
    guard case .success = run(tensor("neg", 0x88)), case .success = run(tensor("conj", 0x89)) else {
      Issue.record("refused")
      return
    }
    let found = error(tensor("conj", 0x88))
    #expect(found?.code == .unsupported && found?.message.contains("'conj'") == true)
    #expect(error(tensor("neg", 0x4e))?.code == .unsupported)
  }

  @Test func longNumbers() throws {
    for (bytes, value) in [
      ([0], 0), ([1, 0xff], -1), ([2, 0xff, 0], 255), ([2, 0, 0x80], -32768),
      ([8, 0, 0, 0, 0, 0, 0, 0, 0x80], Int64.min),
    ] as [([UInt8], Int64)] {
      guard case .int(let number) = try run(start + [0x8a] + bytes + [0x2e]).get() else {
        Issue.record("no number")
        continue
      }
      #expect(number == value)
    }
  }

  /// A dictionary in itself, lists a hundred thousand deep, and lists that double: errors, no hang.
  @Test func circlesAndBombs() throws {
    let circle = start + [0x7d, 0x71, 0, 0x58, 1, 0, 0, 0, 0x61, 0x68, 0, 0x73, 0x2e]
    let deep =
      start + [0x7d, 0x58, 1, 0, 0, 0, 0x61] + [UInt8](repeating: 0x5d, count: 100_000)
      + [UInt8](repeating: 0x61, count: 99_999) + [0x73, 0x2e]
    var doubling = start + [0x7d, 0x58, 1, 0, 0, 0, 0x61, 0x5d, 0x71, 0]
    for level in 1..<UInt8(28) {
      doubling += [0x5d, 0x71, level, 0x28, 0x68, level - 1, 0x68, level - 1, 0x65]
      doubling += [0x86, 0x30, 0x68, level]
    }
    doubling += [0x73, 0x2e]
    for bytes in [circle, deep, doubling] {
      bytes.withUnsafeBytes { buffer in
        var machine = PickleMachine(buffer, base: 0)
        guard let root = try? machine.run() else { return }
        #expect(throws: DSXError.self) {
          try TorchState.content(
            of: root, machine, homes: [], isBigEndian: false, fileSize: buffer.count)
        }
      }
    }
  }

  /// A dimension of size 1 may have any stride: nothing overflows.
  @Test func strangeStrides() throws {
    let scratch = try Scratch()
    let path = try scratch.write("x.bin", [1, 0, 2, 0, 3, 0, 4, 0])
    let place = TensorPlace(.mapped([0..<8]), strides: [1, .max, 2])
    let entry = try #require(
      TensorEntry(name: "x", type: .u16, shape: [2, 1, 2], place: place))
    #expect(TensorShape.span(entry.shape, strides: [1, .max, 2]) == 4)
    let turned = try TensorBytes(entry, in: MappedFile(path: path)).withBytes { Array($0) }
    #expect(turned == [1, 0, 3, 0, 2, 0, 4, 0])
  }
}
