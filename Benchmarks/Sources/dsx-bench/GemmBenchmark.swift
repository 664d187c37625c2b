import DSXCore
import Kernels

/// `gemm --rows M --outputs N --inputs K --type f32|bf16 --repeats R`: products with packed weights, on one
/// thread.
///
/// One JSON line; packing and one product before the clock starts are not timed, rounding the inputs to
/// bfloat16 is. `bytes_per_s` counts the weights once for each product: what a single row is limited by.
enum GemmBenchmark {
  static func run(_ arguments: Arguments) throws {
    let (rows, outputs, inputs) = (
      try arguments.number("rows", 1024), try arguments.number("outputs", 3072),
      try arguments.number("inputs", 768)
    )
    let repeats = try arguments.number("repeats", 20)
    let isHalf = try arguments.text("type") == "bf16"
    var random = PCG64(seed: 1)
    func floats(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(random.unit() - 0.5) }
    }
    let (x, weights) = (floats(rows * inputs), floats(outputs * inputs))
    var out = [Float](repeating: 0, count: rows * outputs)
    let size =
      isHalf ? dsx_gemm_bf16_size(outputs, inputs) : dsx_gemm_f32_size(outputs, inputs)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    defer { memory.deallocate() }
    var product: () -> Void
    var halves = [UInt16](repeating: 0, count: rows * dsx_bf16_step(inputs))
    if isHalf {
      let packed = memory.bindMemory(to: UInt16.self, capacity: size / 2)
      dsx_gemm_pack_bf16(weights, inputs, 1, outputs, inputs, 0, outputs, packed)
      let layer = dsx_linear_bf16(packed: packed, bias: nil, inputs: inputs, outputs: outputs)
      product = {
        dsx_bf16_round(x, inputs, rows, inputs, &halves)
        dsx_gemm_bf16(layer, halves, rows, 0, outputs, 0, &out, outputs)
      }
    } else {
      let packed = memory.bindMemory(to: Float.self, capacity: size / 4)
      dsx_gemm_pack_f32(weights, inputs, 1, outputs, inputs, 0, outputs, packed)
      let layer = dsx_linear_f32(packed: packed, bias: nil, inputs: inputs, outputs: outputs)
      product = { dsx_gemm_f32(layer, x, inputs, rows, 0, outputs, 0, &out, outputs) }
    }
    product()
    let start = seconds()
    for _ in 0..<repeats { product() }
    let time = seconds() - start
    let work = 2 * Double(rows) * Double(outputs) * Double(inputs) * Double(repeats)
    print(
      JSONValue.object([
        .init("seconds", .double(time)), .init("gigaflop", .double(work * 1e-9)),
        .init("gigaflop_per_s", .double(work * 1e-9 / time)),
        .init("bytes_per_s", .double(Double(size) * Double(repeats) / time)),
        .init("level", .int(Int64(dsx_gemm_best().rawValue))),
      ]).text(.spaced))
  }
}
