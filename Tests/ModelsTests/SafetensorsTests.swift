import DSXCore
import Testing

@testable import Models

/// A scratch folder of one test.
struct Scratch: ~Copyable {
  let path: String

  init() throws {
    path = "/tmp/dsx-models-tests-\(UInt64.random(in: 0...UInt64.max))"
    try FilePath.makeFolder(path)
  }

  deinit { try? FilePath.removeTree(path) }

  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = FilePath.join(path, name)
    try FilePath.makeFolder(FilePath.split(file).folder)
    try FilePath.write(bytes, to: file)
    return file
  }

  func write(_ name: String, _ value: JSONValue) throws {
    _ = try write(name, Array(value.text().utf8))
  }

  /// The files of a folder and of those in it.
  func copy(_ folder: String) throws {
    for name in try FilePath.list(folder) {
      let path = FilePath.join(folder, name)
      guard FilePath.isFolder(path) else {
        _ = try write(name, try MappedFile(path: path).withBytes { Array($0) })
        continue
      }
      try FilePath.makeFolder(FilePath.join(self.path, name))
      for inner in try FilePath.list(path) {
        let file = try MappedFile(path: FilePath.join(path, inner))
        _ = try write(FilePath.join(name, inner), file.withBytes { Array($0) })
      }
    }
  }
}

/// The bytes of a safetensors file.
func safetensors(_ header: String, data: [UInt8], length: UInt64? = nil) -> [UInt8] {
  let count = length ?? UInt64(header.utf8.count)
  let prefix = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) }
  return prefix + Array(header.utf8) + data
}

/// A whole file of float32 tensors.
func safetensors(_ tensors: [(name: String, shape: [Int], values: [Float])], pad: Int = 0)
  -> [UInt8]
{
  var members: [JSONValue.Member] = []
  var data: [UInt8] = []
  for tensor in tensors {
    let begin = data.count
    for value in tensor.values { withUnsafeBytes(of: value) { data.append(contentsOf: $0) } }
    members.append(
      .init(
        tensor.name,
        [
          "dtype": "F32", "shape": .array(tensor.shape.map { .int(Int64($0)) }),
          "data_offsets": [.int(Int64(begin)), .int(Int64(data.count))],
        ]))
  }
  let header = JSONValue.object(members).text() + String(repeating: " ", count: pad)
  return safetensors(header, data: data)
}

@Suite struct SafetensorsTests {
  private func failure(_ bytes: [UInt8]) throws -> DSXError? {
    let scratch = try Scratch()
    let path = try scratch.write("x.safetensors", bytes)
    do {
      _ = try WeightFile(path: path)
      return nil
    } catch {
      #expect(error.location.file == path && error.code.exitCode == .badInput)
      return error
    }
  }

  private let eight = [UInt8](repeating: 1, count: 8)
  private func one(_ description: String) -> String { "{\"a\":{\(description)}}" }

  @Test func readsEveryAlignment() throws {
    let scratch = try Scratch()
    for pad in 0..<8 {
      let path = try scratch.write(
        "\(pad).safetensors",
        safetensors([("a", [2], [1, 2]), ("b", [], [3]), ("c", [0, 4], [])], pad: pad))
      let store = try TensorStore(files: [path])
      #expect(try store.floats("a", shape: [2]).withElements { Array($0) } == [1, 2])
      #expect(try store.floats("b", shape: []).withElements { Array($0) } == [3])
      #expect(try store.floats("c").withElements { $0.isEmpty })
      #expect(store.names == ["a", "b", "c"])
    }
  }

  @Test func convertsDoubles() throws {
    let scratch = try Scratch()
    var data: [UInt8] = []
    for value in [1.5, -2.25] { withUnsafeBytes(of: value) { data.append(contentsOf: $0) } }
    let header = one("\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]")
    let path = try scratch.write("d.safetensors", safetensors(header, data: data))
    #expect(try TensorStore(files: [path]).floats("a").withElements { Array($0) } == [1.5, -2.25])
  }

  @Test func refusesDamage() throws {
    #expect(try failure([])?.code == .corrupt)
    #expect(try failure([1, 2, 3])?.code == .corrupt)
    #expect(try failure(safetensors("{}", data: [], length: 3))?.code == .corrupt)
    #expect(try failure(safetensors("{}", data: [], length: .max))?.code == .corrupt)
    #expect(try failure(safetensors("{}", data: [], length: 1 << 40))?.code == .corrupt)
    #expect(try failure(safetensors("[]", data: []))?.code == .malformed)
    #expect(try failure(safetensors("{\"a\":1}", data: []))?.code == .malformed)
    #expect(try failure(safetensors("{\"__metadata__\":{\"a\":1}}", data: []))?.code == .malformed)
    let good = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]"
    #expect(try failure(safetensors(one(good), data: eight)) == nil)
    #expect(try failure(safetensors(one(good), data: Array(eight.dropLast())))?.code == .corrupt)
    #expect(try failure(safetensors(one(good), data: eight + [1]))?.code == .corrupt)
    for (bad, code) in [
      ("\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]", DSXError.Code.unsupported),
      ("\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]", .corrupt),
      ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]", .malformed),
      ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]", .malformed),
      ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]", .malformed),
      ("\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]", .malformed),
      ("\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]", .malformed),
      ("\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]", .malformed),
      ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]", .corrupt),
      ("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1", .malformed),
      ("\"shape\":[2],\"data_offsets\":[0,8]", .malformed),
      ("\"dtype\":\"F32\",\"data_offsets\":[0,8]", .malformed),
      ("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]", .corrupt),
    ] {
      #expect(try failure(safetensors(one(bad), data: eight))?.code == code, "\(bad)")
    }
    let twice = "{\"a\":{\(good)},\"a\":{\(good)}}"
    #expect(try failure(safetensors(twice, data: eight))?.code == .malformed)
    let overlap = "{\"a\":{\(good)},\"b\":{\(good)}}"
    #expect(try failure(safetensors(overlap, data: eight))?.message.contains("overlaps") == true)
  }

  /// Random damage to a good file: an error or a file, never a crash.
  @Test func survivesRandomDamage() throws {
    let good = safetensors([("a", [2], [1, 2]), ("b", [1], [3])])
    var random = PCG64(seed: 11)
    let scratch = try Scratch()
    for round in 0..<400 {
      var bytes = good
      if round % 3 == 0 { bytes.removeLast(Int(random.bounded(UInt32(bytes.count)))) }
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int(random.bounded(UInt32(bytes.count)))] = UInt8(random.bounded(256))
      }
      let path = try scratch.write("x.safetensors", bytes)
      if let store = try? TensorStore(files: [path]) {
        for name in store.names { _ = try? store.floats(name) }
      }
    }
  }

  @Test func shards() throws {
    let scratch = try Scratch()
    _ = try scratch.write("s1.safetensors", safetensors([("a", [1], [1])]))
    _ = try scratch.write("s2.safetensors", safetensors([("b", [1], [2])]))
    func index(_ map: JSONValue) throws -> DSXError? {
      try scratch.write("model.safetensors.index.json", ["weight_map": map])
      do {
        let store = try TensorStore(folder: scratch.path)
        #expect(try store.floats("b").withElements { Array($0) } == [2])
        #expect(store.fingerprint().utf8.count == 64)
        return nil
      } catch { return error }
    }
    #expect(try index(["a": "s1.safetensors", "b": "s2.safetensors"]) == nil)
    #expect(
      try index(["a": "s1.safetensors", "b": "s3.safetensors"])?.code == .missingFile)
    #expect(try index(["a": "s2.safetensors", "b": "s1.safetensors"])?.code == .corrupt)
    #expect(try index(["a": "s1.safetensors", "c": "s2.safetensors"])?.code == .corrupt)
    #expect(try index(["a": "s1.safetensors", "b": "../s2.safetensors"])?.code == .malformed)
    #expect(try index([:])?.code == .malformed)
    #expect(try index(["a": 1])?.code == .malformed)
  }

  @Test func namesForeignFiles() throws {
    let scratch = try Scratch()
    _ = try scratch.write("tf_model.h5", [1])
    #expect {
      try TensorStore(folder: scratch.path)
    } throws: { error in
      let error = error as? DSXError
      return error?.code == .missingFile && error?.hint?.contains("tf_model.h5") == true
    }
  }
}
