import DSXCore
import Testing

@testable import Models

@Suite struct WeightWriterTests {
  private static func outputs(_ store: TensorStore, as type: ElementType? = nil) throws
    -> [OutputTensor]
  {
    try store.names.compactMap { name in
      guard let entry = store.entry(name), let file = store.file(of: name) else { return nil }
      return try OutputTensor(entry, of: file, as: type)
    }
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    try MappedFile(path: path).withBytes { Array($0) }
  }

  /// From every format to every format, and the same bytes whatever the source was.
  @Test(arguments: WeightWriter.formats) func writes(_ format: WeightFormat) throws {
    let scratch = try Scratch()
    let source = try TensorStore(path: WeightFixtureTests.path("deflated.npz"))
    let first = FilePath.join(scratch.path, "a." + format.rawValue)
    try WeightWriter.write(Self.outputs(source), as: format, to: first)
    let difference = try WeightDifference(source, TensorStore(path: first))
    #expect(difference.isEmpty && difference.common == 8)
    for other in WeightWriter.formats {
      let between = FilePath.join(scratch.path, "b." + other.rawValue)
      try WeightWriter.write(
        Self.outputs(TensorStore(path: first)), as: other, to: between, overwrite: true)
      let last = FilePath.join(scratch.path, "c." + format.rawValue)
      try WeightWriter.write(
        Self.outputs(TensorStore(path: between)), as: format, to: last, overwrite: true)
      #expect(try Self.bytes(first) == Self.bytes(last), "\(format) by way of \(other)")
    }
  }

  @Test func arraysOfNpzStayMapped() throws {
    let scratch = try Scratch()
    let source = try TensorStore(path: WeightFixtureTests.path("small.npz"))
    let path = FilePath.join(scratch.path, "a.npz")
    try WeightWriter.write(Self.outputs(source), as: .npz, to: path)
    for entry in try WeightFile(path: path).tensors { #expect(entry.offset % 64 == 0) }
  }

  @Test func cutsLongParameters() throws {
    let scratch = try Scratch()
    let source = try TensorStore(path: WeightFixtureTests.path("small.ckpt"))
    let path = FilePath.join(scratch.path, "cut.ckpt")
    var output = try WeightOutput(path: path)
    try CheckpointWriter.write(Self.outputs(source), to: &output, piece: 8)
    try output.finish()
    #expect(try WeightDifference(source, TensorStore(path: path)).isEmpty)
  }

  @Test func rounds() throws {
    let scratch = try Scratch()
    let values: [Float] = [0, -0.0, 1, 1.0009766, 3.1415927, 65504, 1e-8, .infinity, -.infinity]
    let path = try scratch.write("a.safetensors", safetensors([("x", [9], values)]))
    let store = try TensorStore(path: path)
    for type in [ElementType.f16, .bf16, .f32] {
      let target = FilePath.join(scratch.path, type.shortName + ".npz")
      guard type != .bf16 else {
        let bytes = try Self.outputs(store, as: type)[0].bytes().withBytes { Array($0) }
        // torch: tensor(3.1415927).bfloat16() is 3.140625 = 0x4049; 65504 rounds to 65536 = 0x4780.
        #expect(Array(bytes[8..<12]) == [0x49, 0x40, 0x80, 0x47])
        continue
      }
      try WeightWriter.write(Self.outputs(store, as: type), as: .npz, to: target)
      let wanted = type == .f16 ? values.map { Float(Float16($0)) } : values
      let got = try TensorStore(path: target).floats("x").withElements { Array($0) }
      #expect(got.map(\.bitPattern) == wanted.map(\.bitPattern))
    }
  }

  /// Doubles next to the middle between two shorter floats: by way of float32 they would lie in the middle.
  /// Values: numpy 2.4's astype(float16), ml_dtypes' bfloat16.
  @Test func roundsDoublesOnce() throws {
    let scratch = try Scratch()
    let (half, brain) = (0x1p-11, 0x1p-8)
    let values = [
      1 + half + 0x1p-40, 1 + half - 0x1p-40, 1 + half, 1 + brain + 0x1p-35, -0x1p-1030,
    ]
    let json =
      #"{"x":{"dtype":"F64","shape":[5],"data_offsets":[0,40]}}"#
    var bytes = withUnsafeBytes(of: UInt64(json.utf8.count)) { Array($0) } + Array(json.utf8)
    for value in values { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
    let store = try TensorStore(path: scratch.write("a.safetensors", bytes))
    for (type, wanted) in [
      (ElementType.f16, [0x3c01, 0x3c00, 0x3c00, 0x3c04, 0x8000] as [UInt16]),
      (.bf16, [0x3f80, 0x3f80, 0x3f80, 0x3f81, 0x8000]),
    ] {
      let made = try Self.outputs(store, as: type)[0].bytes().withBytes { Array($0) }
      #expect(
        made == wanted.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }, "\(type)")
    }
    var random = PCG64(seed: 5)
    for _ in 0..<10_000 {
      // Of a half's exponents, its subnormal numbers too.
      let power = Double(sign: .plus, exponent: Int(random.next() % 50) - 32, significand: 1)
      let value = power * (1 + Double(random.next() >> 11) * 0x1p-53)
      #expect(Float16(Rounding.sticky(value)).bitPattern == Float16(value).bitPattern)
    }
    #expect(Rounding.sticky(1e39).isFinite && Rounding.sticky(-.infinity) == -.infinity)
  }

  /// Names that are kept as they are in .npz, and those that no archive may have.
  @Test func namesInArchives() throws {
    let scratch = try Scratch()
    let target = FilePath.join(scratch.path, "b.npz")
    let path = try scratch.write(
      "a.safetensors", safetensors([("a\\b", [1], [1]), ("c//d", [1], [2]), ("é", [1], [3])]))
    let store = try TensorStore(path: path)
    try WeightWriter.write(Self.outputs(store), as: .npz, to: target)
    #expect(try WeightDifference(store, TensorStore(path: target)).isEmpty)
    let bad = try TensorStore(
      path: scratch.write("c.safetensors", safetensors([("../a", [1], [1])])))
    let error = #expect(throws: DSXError.self) {
      try WeightWriter.write(Self.outputs(bad), as: .npz, to: target, overwrite: true)
    }
    #expect(error?.location.file == target && error?.hint?.contains("--map") == true)
    #expect(error?.message.contains("'../a.npy'") == true)
    let long = String(repeating: "n", count: 70_000)
    let store70 = try TensorStore(
      path: scratch.write("d.safetensors", safetensors([(long, [1], [1])])))
    let cut = #expect(throws: DSXError.self) {
      try WeightWriter.write(Self.outputs(store70), as: .npz, to: target, overwrite: true)
    }
    #expect(cut.map { $0.message.utf8.count < 1000 } == true)
  }

  /// A name in another Unicode normalisation is another name.
  @Test func normalisedNames() throws {
    let scratch = try Scratch()
    let (one, other) = ("\u{e9}", "e\u{301}")
    let first = try TensorStore(
      path: scratch.write("a.safetensors", safetensors([(one, [1], [1])])))
    let second = try TensorStore(
      path: scratch.write("b.safetensors", safetensors([(other, [1], [1])])))
    let difference = try WeightDifference(first, second)
    #expect(difference.common == 0 && difference.onlyFirst.count == 1)
    #expect(first.entry(other) == nil && first.entry(one) != nil)
    let both = try scratch.write(
      "c.safetensors", safetensors([(one, [1], [1]), (other, [1], [1])]))
    let error = #expect(throws: DSXError.self) { try TensorStore(path: both) }
    #expect(error?.message.contains("two Unicode normalisations") == true)
  }

  /// MindSpore reads dimensions [0] as those of a number.
  @Test func emptyVectorsOfCheckpoints() throws {
    let scratch = try Scratch()
    let store = try TensorStore(
      path: scratch.write("a.safetensors", safetensors([("x", [0], []), ("y", [0, 2], [])])))
    let error = #expect(throws: DSXError.self) {
      try WeightWriter.write(
        Self.outputs(store), as: .checkpoint, to: FilePath.join(scratch.path, "b.ckpt"))
    }
    #expect(error?.code == .unsupported && error?.message.contains("'x'") == true)
  }

  @Test func refusesWhatDoesNotFit() throws {
    let scratch = try Scratch()
    let path = try scratch.write("a.safetensors", safetensors([("x", [1], [70000])]))
    let store = try TensorStore(path: path)
    #expect(throws: DSXError.self) { try Self.outputs(store, as: .f16)[0].bytes() }
    #expect(throws: DSXError.self) {
      try WeightWriter.write(
        Self.outputs(store, as: .bf16), as: .npz, to: FilePath.join(scratch.path, "b.npz"))
    }
    #expect(!FilePath.exists(FilePath.join(scratch.path, "b.npz")))
    let gguf = try TensorStore(path: WeightFixtureTests.path("small.gguf"))
    #expect(throws: DSXError.self) { try Self.outputs(gguf) }
    #expect(throws: DSXError.self) {
      try WeightWriter.write(Self.outputs(store), as: .safetensors, to: path)
    }
    let twice = try Self.outputs(store) + Self.outputs(store)
    #expect(throws: DSXError.self) {
      try WeightWriter.write(
        twice, as: .safetensors, to: FilePath.join(scratch.path, "c.safetensors"))
    }
  }

  @Test func quantisedBecomeFloats() throws {
    let scratch = try Scratch()
    let gguf = try TensorStore(path: WeightFixtureTests.path("small.gguf"))
    let path = FilePath.join(scratch.path, "a.safetensors")
    try WeightWriter.write(Self.outputs(gguf, as: .f32), as: .safetensors, to: path)
    let difference = try WeightDifference(gguf, TensorStore(path: path), ignoresTypes: true)
    #expect(difference.isEmpty && difference.common == 16)
  }

  @Test func differences() throws {
    let scratch = try Scratch()
    let first = try scratch.write(
      "a.safetensors", safetensors([("x", [2], [1, 2]), ("y", [1], [.nan]), ("z", [1], [0])]))
    let second = try scratch.write(
      "b.safetensors", safetensors([("x", [2], [1, 2.5]), ("y", [1], [.nan]), ("w", [1], [0])]))
    let (one, other) = (try TensorStore(path: first), try TensorStore(path: second))
    let difference = try WeightDifference(one, other)
    #expect(difference.onlyFirst == ["z"] && difference.onlySecond == ["w"])
    #expect(difference.tensors.map(\.name) == ["x"] && difference.common == 2)
    #expect(difference.tensors[0].differing == 1 && difference.tensors[0].largest == 0.5)
    #expect(try WeightDifference(one, other, tolerance: 0.5).tensors.isEmpty)
    #expect(try WeightDifference(one, one).isEmpty)
  }

  /// Which file of a folder is taken, and that two candidates are an error that lists them.
  @Test func foldersInOrder() throws {
    let scratch = try Scratch()
    func copy(_ name: String, to target: String) throws {
      _ = try scratch.write(target, Self.bytes(WeightFixtureTests.path(name)))
    }
    for (name, target) in [
      ("small.pt", "a.pth"), ("small.gguf", "b.gguf"), ("small.npz", "c.npz"),
      ("small.ckpt", "d.ckpt"), ("small.pt", "pytorch_model.bin"),
    ] {
      try copy(name, to: target)
      let store = try TensorStore(folder: scratch.path)
      #expect(store.files.map { FilePath.split($0.file.path).name } == [target])
    }
    try FilePath.removeTree(FilePath.join(scratch.path, "pytorch_model.bin"))
    try copy("small.ckpt", to: "e.ckpt")
    #expect {
      try TensorStore(folder: scratch.path)
    } throws: { error in
      (error as? DSXError)?.message.contains("d.ckpt, e.ckpt") == true
    }
  }
}
