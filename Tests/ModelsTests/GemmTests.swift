import DSXCore
import Kernels
import Testing

/// The packed matrix products: every level of this processor gives the bits of the scalar twin, whatever
/// rows and columns are computed together.
@Suite struct GemmTests {
  /// Rows, outputs, inputs: around the tiles, panels and blocks.
  static let sizes: [(rows: Int, outputs: Int, inputs: Int)] = [
    (1, 1, 1), (1, 32, 16), (3, 33, 17), (13, 65, 257), (12, 64, 256), (5, 40, 515), (26, 31, 100),
    (250, 34, 300), (2, 10, 0), (1, 70, 3), (2, 64, 300), (4, 65, 258), (6, 33, 31), (7, 64, 512),
    (8, 96, 300), (9, 40, 20), (10, 64, 256), (11, 34, 259), (16, 96, 515),
  ]

  static var levels: [dsx_gemm_level] {
    [DSX_GEMM_SCALAR, DSX_GEMM_AVX2, DSX_GEMM_AVX512, DSX_GEMM_AVX512_BF16]
      .filter { $0.rawValue <= dsx_gemm_best().rawValue }
  }

  /// A layer with random numbers, in the two types.
  final class Layer {
    let (outputs, inputs): (Int, Int)
    let weights, bias: [Float]
    let packed: UnsafeMutablePointer<Float>
    let halves: UnsafeMutablePointer<UInt16>

    /// Packs in two pieces, from [inputs, outputs] if `turned`.
    init(outputs: Int, inputs: Int, turned: Bool, _ random: inout PCG64) {
      (self.outputs, self.inputs) = (outputs, inputs)
      weights = (0..<outputs * inputs).map { _ in Float(random.unit() * 2 - 1) }
      bias = (0..<outputs).map { _ in Float(random.unit() * 2 - 1) }
      let size = dsx_gemm_f32_size(outputs, inputs)
      packed = UnsafeMutableRawPointer.allocate(byteCount: size + 64, alignment: 64)
        .bindMemory(to: Float.self, capacity: size / 4)
      let half = dsx_gemm_bf16_size(outputs, inputs)
      halves = UnsafeMutableRawPointer.allocate(byteCount: half + 64, alignment: 64)
        .bindMemory(to: UInt16.self, capacity: half / 2)
      var stored = weights
      if turned {
        for c in 0..<outputs {
          for k in 0..<inputs { stored[k * outputs + c] = weights[c * inputs + k] }
        }
      }
      let (outputStep, inputStep) = turned ? (1, outputs) : (inputs, 1)
      let border = min(outputs, 32)
      for (first, last) in [(0, border), (border, outputs)] where first < last {
        dsx_gemm_pack_f32(
          stored, outputStep, inputStep, outputs, inputs, first, last, packed)
        dsx_gemm_pack_bf16(
          stored, outputStep, inputStep, outputs, inputs, first, last, halves)
      }
    }

    deinit {
      packed.deallocate()
      halves.deallocate()
    }

    /// The product of columns first..<last by `level`, nil for the twin.
    func float32(
      _ level: dsx_gemm_level?, _ x: [Float], step: Int, rows: Int, columns: Range<Int>,
      bias: [Float]?, adding start: [Float]?
    ) -> [Float] {
      var out = start ?? [Float](repeating: .nan, count: rows * columns.count)
      let adds: Int32 = start == nil ? 0 : 1
      func run(_ bias: UnsafePointer<Float>?) {
        let layer = dsx_linear_f32(packed: packed, bias: bias, inputs: inputs, outputs: outputs)
        let (first, last, width) = (columns.lowerBound, columns.upperBound, columns.count)
        if let level {
          dsx_gemm_f32_at(level, layer, x, step, rows, first, last, adds, &out, width)
        } else {
          dsx_gemm_f32_scalar(layer, x, step, rows, first, last, adds, &out, width)
        }
      }
      if let bias { bias.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
      return out
    }

    func bfloat16(
      _ level: dsx_gemm_level?, _ x: [UInt16], rows: Int, columns: Range<Int>, bias: [Float]?,
      adding start: [Float]?
    ) -> [Float] {
      var out = start ?? [Float](repeating: .nan, count: rows * columns.count)
      let adds: Int32 = start == nil ? 0 : 1
      func run(_ bias: UnsafePointer<Float>?) {
        let layer = dsx_linear_bf16(packed: halves, bias: bias, inputs: inputs, outputs: outputs)
        let (first, last, width) = (columns.lowerBound, columns.upperBound, columns.count)
        if let level {
          dsx_gemm_bf16_at(level, layer, x, rows, first, last, adds, &out, width)
        } else {
          dsx_gemm_bf16_scalar(layer, x, rows, first, last, adds, &out, width)
        }
      }
      if let bias { bias.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
      return out
    }
  }

  private func floats(_ count: Int, _ random: inout PCG64) -> [Float] {
    (0..<count).map { _ in Float(random.unit() * 2 - 1) }
  }

  private func expectSame(_ ours: [Float], _ theirs: [Float], _ what: String) {
    let place = zip(ours, theirs).enumerated().first { $1.0.bitPattern != $1.1.bitPattern }
    #expect(place == nil, "\(what): element \(String(describing: place))")
  }

  /// No rows: nothing is done, at every level.
  @Test func noRows() {
    var random = PCG64(seed: 8)
    let layer = Layer(outputs: 40, inputs: 20, turned: false, &random)
    for level in Self.levels {
      #expect(
        layer.float32(level, [0], step: 20, rows: 0, columns: 0..<40, bias: nil, adding: nil) == [])
      #expect(
        layer.bfloat16(level, [0], rows: 0, columns: 0..<40, bias: nil, adding: nil) == [])
    }
  }

  @Test func float32IsTheTwinAtEveryLevel() {
    var random = PCG64(seed: 21)
    for (index, size) in Self.sizes.enumerated() {
      let layer = Layer(
        outputs: size.outputs, inputs: size.inputs, turned: index % 2 == 1, &random)
      let step = size.inputs + 3
      let x = floats(size.rows * step, &random)
      let start = floats(size.rows * size.outputs, &random)
      for (bias, adding) in [(nil, nil), (layer.bias, nil), (layer.bias, start)]
        as [([Float]?, [Float]?)]
      {
        let all = 0..<size.outputs
        let twin = layer.float32(
          nil, x, step: step, rows: size.rows, columns: all, bias: bias, adding: adding)
        for level in Self.levels {
          let ours = layer.float32(
            level, x, step: step, rows: size.rows, columns: all, bias: bias, adding: adding)
          expectSame(ours, twin, "level \(level.rawValue) at \(size)")
        }
        // The twin is the product.
        for (r, c) in [(0, 0), (size.rows - 1, size.outputs - 1)] {
          var sum = Double(bias?[c] ?? 0) + Double(adding?[r * size.outputs + c] ?? 0)
          for k in 0..<size.inputs {
            sum += Double(x[r * step + k]) * Double(layer.weights[c * size.inputs + k])
          }
          #expect(abs(Double(twin[r * size.outputs + c]) - sum) < 2e-5)
        }
      }
    }
  }

  @Test func bfloat16IsTheTwinAtEveryLevel() {
    var random = PCG64(seed: 22)
    for (index, size) in Self.sizes.enumerated() {
      let layer = Layer(
        outputs: size.outputs, inputs: size.inputs, turned: index % 2 == 0, &random)
      let x = floats(size.rows * size.inputs, &random)
      let step = dsx_bf16_step(size.inputs)
      var rounded = [UInt16](repeating: 0xffff, count: size.rows * step)
      dsx_bf16_round(x, size.inputs, size.rows, size.inputs, &rounded)
      let start = floats(size.rows * size.outputs, &random)
      for (bias, adding) in [(nil, nil), (layer.bias, nil), (layer.bias, start)]
        as [([Float]?, [Float]?)]
      {
        let all = 0..<size.outputs
        let twin = layer.bfloat16(
          nil, rounded, rows: size.rows, columns: all, bias: bias, adding: adding)
        for level in Self.levels {
          let ours = layer.bfloat16(
            level, rounded, rows: size.rows, columns: all, bias: bias, adding: adding)
          expectSame(ours, twin, "level \(level.rawValue) at \(size)")
        }
      }
    }
  }

  /// A row alone, among others, and a range of columns alone: the same bits.
  @Test func companyChangesNothing() {
    var random = PCG64(seed: 23)
    let (rows, inputs, outputs) = (130, 400, 100)
    let layer = Layer(outputs: outputs, inputs: inputs, turned: false, &random)
    let x = floats(rows * inputs, &random)
    var rounded = [UInt16](repeating: 0, count: rows * inputs)
    dsx_bf16_round(x, inputs, rows, inputs, &rounded)
    for level in Self.levels {
      let whole = layer.float32(
        level, x, step: inputs, rows: rows, columns: 0..<outputs, bias: layer.bias, adding: nil)
      let wholeHalf = layer.bfloat16(
        level, rounded, rows: rows, columns: 0..<outputs, bias: layer.bias, adding: nil)
      for row in [0, 1, 64, 129] {
        let alone = layer.float32(
          level, Array(x[row * inputs..<(row + 1) * inputs]), step: inputs, rows: 1,
          columns: 64..<outputs, bias: layer.bias, adding: nil)
        expectSame(alone, Array(whole[row * outputs + 64..<(row + 1) * outputs]), "row \(row)")
        let aloneHalf = layer.bfloat16(
          level, Array(rounded[row * inputs..<(row + 1) * inputs]), rows: 1, columns: 32..<96,
          bias: layer.bias, adding: nil)
        expectSame(
          aloneHalf, Array(wholeHalf[row * outputs + 32..<row * outputs + 96]), "row \(row)")
      }
    }
  }

  @Test func packedRowsComeBack() {
    var random = PCG64(seed: 24)
    for inputs in [1, 16, 33] {
      let layer = Layer(outputs: 37, inputs: inputs, turned: false, &random)
      for output in [0, 31, 32, 36] {
        var row = [Float](repeating: 0, count: inputs)
        dsx_gemm_row_f32(layer.packed, inputs, output, &row)
        let stored = Array(layer.weights[output * inputs..<(output + 1) * inputs])
        #expect(row == stored)
        dsx_gemm_row_bf16(layer.halves, inputs, output, &row)
        #expect(zip(row, stored).allSatisfy { abs($0 - $1) <= abs($1) / 256 })
      }
    }
  }

  /// Ties, NaN, infinities and numbers that round to infinity.
  @Test func roundingToBFloat16() {
    var random = PCG64(seed: 25)
    var x: [Float] = [
      0, -0.0, 1, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
      Float(bitPattern: 0x3f80_8000), Float(bitPattern: 0x3f81_8000),
      Float(bitPattern: 0x7f80_0001),
      Float(bitPattern: 0xffff_ffff), Float(bitPattern: 0x3f80_8001),
    ]
    x += (0..<1000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
    var (ours, theirs) = ([UInt16](repeating: 1, count: 1014), [UInt16](repeating: 1, count: 1014))
    dsx_bf16_round(x, x.count, 1, x.count, &ours)
    dsx_bf16_round_scalar(x, x.count, 1, x.count, &theirs)
    #expect(ours == theirs)
    #expect(ours[1013] == 0)
    #expect(Array(ours[0..<9]) == [0, 0x8000, 0x3f80, 0x7f80, 0xff80, 0x7fc0, 0x7f80, 0, 0x3f80])
    #expect(ours[9] == 0x3f82 && ours[12] == 0x3f81)
    for (half, value) in zip(ours, x) where value.isNaN { #expect(half & 0x7fff > 0x7f80) }
  }

  @Test func notANumberGoesThrough() {
    var random = PCG64(seed: 26)
    let layer = Layer(outputs: 40, inputs: 20, turned: false, &random)
    var x = floats(3 * 20, &random)
    x[25] = .nan
    for level in Self.levels {
      let out = layer.float32(
        level, x, step: 20, rows: 3, columns: 0..<40, bias: nil, adding: nil)
      #expect(out[40..<80].allSatisfy { $0.isNaN })
      #expect(out[0..<40].allSatisfy { !$0.isNaN })
    }
  }
}
