import DSXCore
import Foundation
import Testing

@testable import Models

/// Files that torch, numpy, mindspore and gguf wrote (Tests/Fixtures/weights/make.py), and damaged ones.
@Suite struct WeightFixtureTests {
  static let folder: String = {
    let here = FilePath.split(#filePath).folder
    return FilePath.split(here).folder + "/Fixtures/weights"
  }()

  static func path(_ name: String) -> String { FilePath.join(folder, name) }

  /// Every tensor's type, shape and numbers.
  @Test(arguments: [
    "small.pt", "legacy.pth", "protocol4.pt", "unsigned.pt", "nested.pt", "small.npz",
    "deflated.npz", "version1.npy", "version2.npy", "version3.npy", "small.ckpt", "crc.ckpt",
    "small.gguf", "negated.pt", "legacy3.pth", "legacy5.pth", "names.npz", "crc.safetensors",
  ]) func readsWhatTheyWrote(_ name: String) throws {
    let all = try JSONParser.parse(file: Self.path("expected.json"))
    let wanted = try #require(all[name]?.object)
    let store = try TensorStore(path: Self.path(name))
    #expect(store.names.count == wanted.count)
    for member in wanted {
      let entry = try #require(store.entry(member.name), "\(name) lacks \(member.name)")
      #expect(entry.type.shortName == member.value["dtype"]?.string, "\(name): \(member.name)")
      #expect(
        entry.shape == member.value["shape"]?.array?.compactMap(\.int), "\(name): \(member.name)")
      var hash = SHA256()
      if entry.type.isFloat {
        try store.floats(entry.name).withElements { hash.update(UnsafeRawBufferPointer($0)) }
      } else {
        try store.bytes(entry.name).withBytes { hash.update($0) }
      }
      #expect(hash.hexDigest() == member.value["sha256"]?.string, "\(name): \(member.name)")
    }
  }

  /// What is refused says which symbol, type or kind it is.
  @Test(arguments: [
    ("bad-module.pt", "torch.nn.modules.container.Sequential"), ("bad-numpy.pt", "numpy"),
    ("bad-sparse.pt", "_rebuild_sparse_tensor"), ("bad-expanded.pt", "repeats its elements"),
    ("bad-object.npy", "Python objects"), ("bad-record.npy", "records"),
    ("bad-encrypted.ckpt", "encrypted"),
  ]) func refuses(_ name: String, _ words: String) throws {
    do {
      _ = try WeightFile(path: Self.path(name))
      Issue.record("\(name) was read")
    } catch {
      #expect(error.code == .unsupported && error.message.contains(words), "\(error)")
      #expect(error.location.file == Self.path(name))
    }
  }

  @Test func factsBesideTensors() throws {
    let nested = try WeightFile(path: Self.path("nested.pt")).metadata
    func fact(_ name: String) -> JSONValue? { nested.first { $0.name == name }?.value }
    #expect(fact("epoch") == 3 && fact("loss") == 0.5 && fact("note") == "ok")
    #expect(fact("last") == .null && fact("sizes.1") == 2 && fact("shape.1") == 3)
    #expect(fact("kind") == "F16")
    for name in ["small.ckpt", "crc.ckpt"] {
      let facts = try WeightFile(path: Self.path(name)).metadata
      #expect(facts == [.init("note", "hällo 字")])
    }
  }

  /// MindSpore's checksum of its safetensors files: every changed bit of a tensor is seen.
  @Test func checksumOfSafetensors() throws {
    let scratch = try Scratch()
    let good = try MappedFile(path: Self.path("crc.safetensors")).withBytes { Array($0) }
    // The last tensor, and the whole number without dimensions, which counts as zero bytes.
    for place in [good.count - 1, good.count - 12] {
      var bad = good
      bad[place] ^= 1
      let path = try scratch.write("a.safetensors", bad)
      let error = #expect(throws: DSXError.self) { try WeightFile(path: path) }
      #expect(error?.code == .corrupt && error?.message.contains("'crc_num'") == true)
    }
  }

  @Test func typedMetadata() throws {
    let gguf = try #require(try WeightFile(path: Self.path("small.gguf")).gguf)
    #expect(gguf.version == 3)
    #expect(try gguf.string("general.architecture") == "test")
    #expect(try gguf.string("k.string") == "hällo" && gguf.string("none") == nil)
    let wanted = [
      "uint8": 200, "int8": -5, "uint16": 60000, "int16": -30000, "uint32": 4_000_000_000,
      "int32": -7, "int64": -(1 << 60),
    ]
    for (name, value) in wanted { #expect(try gguf.int("k." + name) == value) }
    #expect(try gguf.double("k.float32") == 0.5 && gguf.double("k.float64") == 0.1)
    #expect(try gguf.double("k.int8") == -5 && gguf.bool("k.bool") == true)
    #expect(try gguf.strings("k.strings") == ["a", "", "字"])
    #expect(try gguf.ints("k.ints") == [1, -2, 3])
    #expect(try gguf.doubles("k.floats") == [0.5, -1.5])
    #expect(gguf.type(of: "k.floats")?.count == 2)
    #expect(throws: DSXError.self) { try gguf.int("k.uint64") }
    #expect(throws: DSXError.self) { try gguf.int("k.string") }
    #expect(throws: DSXError.self) { try gguf.strings("k.string") }
    #expect(throws: DSXError.self) { try gguf.string("k.strings") }
  }

  /// F32 in stored members and plain files stays in the mapping, at least where it is aligned.
  @Test func staysMapped() throws {
    let file = try WeightFile(path: Self.path("small.pt"))
    let entry = try #require(file.tensors.first { $0.name == "whole" })
    let inside = file.file.bytes
    let tensor = try FloatTensor(entry, in: file.file)
    let start = try #require(UnsafeRawPointer(tensor.elements.baseAddress))
    let base = try #require(inside.baseAddress)
    #expect(start >= base && start < base + inside.count)
  }

  // MARK: damage

  static let small = [
    "small.pt", "legacy.pth", "nested.pt", "small.npz", "deflated.npz", "version1.npy",
    "version2.npy", "crc.ckpt", "small.ckpt", "small.gguf",
  ]
  /// `.ci/run` sets it: every length, and more damage.
  static let isThorough = ProcessInfo.processInfo.environment["DSX_DAMAGE"] == "full"

  /// Reads everything: a crash is what is looked for. Returns the number of tensors, nil for an error.
  private static func readAll(_ path: String) throws -> Int? {
    do {
      let store = try TensorStore(files: [path])
      for name in store.names {
        do {
          if store.entry(name)?.type.isFloat == true {
            _ = try store.floats(name)
          } else {
            _ = try store.bytes(name)
          }
        } catch { #expect(error.code.exitCode == .badInput, "\(error)") }
      }
      return store.names.count
    } catch {
      #expect(error.code.exitCode == .badInput, "\(error)")
      #expect(error.location.file?.hasPrefix(path) == true, "\(error)")
      return nil
    }
  }

  @Test(arguments: small) func truncated(_ name: String) throws {
    let file = try MappedFile(path: Self.path(name))
    let bytes = file.withBytes { Array($0) }
    let scratch = try Scratch()
    let whole = try #require(try Self.readAll(Self.path(name)))
    for length in stride(from: 0, to: bytes.count, by: Self.isThorough ? 1 : 37) {
      let path = try scratch.write(name, Array(bytes[..<length]))
      // A checkpoint cut between two values, or before its CRC, is a checkpoint; a GGUF file may lack its last padding.
      if let left = try Self.readAll(path) {
        #expect(name.hasSuffix(".ckpt") ? left <= whole : name.hasSuffix(".gguf"), "\(length)")
      }
    }
  }

  @Test(arguments: small) func damaged(_ name: String) throws {
    let file = try MappedFile(path: Self.path(name))
    let bytes = file.withBytes { Array($0) }
    let scratch = try Scratch()
    var random = PCG64(seed: 5)
    for round in 0..<(Self.isThorough ? 2000 : 150) {
      var copy = bytes
      for _ in 0..<(1 + round % 3) {
        let place = Int(random.bounded(UInt32(copy.count)))
        copy[place] =
          round % 2 == 0
          ? copy[place] ^ (1 << UInt8(random.bounded(8))) : UInt8(random.bounded(256))
      }
      _ = try Self.readAll(try scratch.write(name, copy))
    }
  }
}
