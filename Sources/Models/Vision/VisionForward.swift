internal import COpenBLAS
internal import Kernels

/// One image through a network, in the buffers of a workspace.
///
/// Every product has the sizes of the layer, whatever else is in the batch, so an image's logits are the
/// same bits alone and among others.
struct VisionForward {
  let network: VisionNetwork
  let workspace: VisionWorkspace

  /// The logits of the image whose values lie in `workspace.current`, channel by channel.
  func logits() -> [Float] {
    for layer in network.layers { run(layer) }
    return Array(UnsafeBufferPointer(start: workspace.current, count: network.outputs))
  }

  private func run(_ layer: VisionLayer) {
    let (source, target) = (workspace.current, workspace.next)
    switch layer.operation {
    case .convolution(let kernel, let stride, let border, let weights, let bias, let range):
      let depth = layer.input.channels * kernel * kernel
      let isPlain = kernel == 1 && stride == 1 && border.isEmpty
      if !isPlain { gather(layer, kernel, stride, border, source) }
      let (out, area) = (layer.output.channels, layer.output.area)
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(out), blasint(area), blasint(depth), 1,
        weights, blasint(depth), isPlain ? source : workspace.columns, blasint(area), 0, target,
        blasint(area))
      dsx_bias_clamp(target, bias, out, area, range.low, range.high)
    case .depthwise(let kernel, let stride, let border, let weights, let bias, let range):
      let width = layer.input.width + border.left + border.right
      for channel in 0..<layer.input.channels {
        frame(layer.input, border, source + channel * layer.input.area)
        dsx_depthwise(
          workspace.padded, width, weights + channel * kernel * kernel, kernel, stride,
          bias[channel], range.low, range.high, target + channel * layer.output.area,
          layer.output.height, layer.output.width)
      }
    case .maximum(let size, let stride): maximum(layer, size, stride, source, target)
    case .mean:
      for channel in 0..<layer.input.channels {
        let plane = UnsafeBufferPointer(
          start: source + channel * layer.input.area, count: layer.input.area)
        let sum = plane.reduce(0.0) { $0 + Double($1) }
        target[channel] = Float(sum / Double(layer.input.area))
      }
    case .linear(let weights, let bias, let range):
      let (out, depth) = (layer.output.channels, layer.input.count)
      cblas_sgemv(
        CblasRowMajor, CblasNoTrans, blasint(out), blasint(depth), 1, weights, blasint(depth),
        source, 1, 0, target, 1)
      dsx_bias_clamp(target, bias, out, 1, range.low, range.high)
    case .keep:
      workspace.kept.update(from: source, count: layer.input.count)
      return
    case .add:
      let kept = workspace.kept
      for index in 0..<layer.input.count { target[index] = source[index] + kept[index] }
    case .clamp(let range):
      for index in 0..<layer.input.count {
        let value = source[index]
        target[index] = value < range.low ? range.low : value > range.high ? range.high : value
      }
    }
    workspace.swap()
  }

  /// The columns that turn a convolution into one product: row (channel, i, j), column (y, x) holds the
  /// value at (y * stride + i - top, x * stride + j - left), zero outside the image.
  private func gather(
    _ layer: VisionLayer, _ kernel: Int, _ stride: Int, _ border: VisionLayer.Border,
    _ source: UnsafeMutablePointer<Float>
  ) {
    let (input, output) = (layer.input, layer.output)
    var row = workspace.columns
    for channel in 0..<input.channels {
      let plane = source + channel * input.area
      for i in 0..<kernel {
        for j in 0..<kernel {
          for y in 0..<output.height {
            let line = y * stride + i - border.top
            let out = row + y * output.width
            guard line >= 0, line < input.height else {
              out.update(repeating: 0, count: output.width)
              continue
            }
            let values = plane + line * input.width
            for x in 0..<output.width {
              let column = x * stride + j - border.left
              out[x] = column >= 0 && column < input.width ? values[column] : 0
            }
          }
          row += output.area
        }
      }
    }
  }

  /// One plane with its border of zeros.
  private func frame(
    _ shape: PlaneShape, _ border: VisionLayer.Border, _ plane: UnsafeMutablePointer<Float>
  ) {
    let width = shape.width + border.left + border.right
    let padded = workspace.padded
    padded.update(repeating: 0, count: border.top * width)
    for y in 0..<shape.height {
      let row = padded + (y + border.top) * width
      row.update(repeating: 0, count: border.left)
      (row + border.left).update(from: plane + y * shape.width, count: shape.width)
      (row + border.left + shape.width).update(repeating: 0, count: border.right)
    }
    (padded + (border.top + shape.height) * width).update(
      repeating: 0, count: border.bottom * width)
  }

  private func maximum(
    _ layer: VisionLayer, _ size: Int, _ stride: Int, _ source: UnsafeMutablePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    var out = target
    for channel in 0..<layer.input.channels {
      let plane = source + channel * layer.input.area
      for y in 0..<layer.output.height {
        for x in 0..<layer.output.width {
          var best = -Float.infinity
          for i in 0..<size {
            let row = plane + (y * stride + i) * layer.input.width + x * stride
            // A value that is not a number wins, as in torch.
            for j in 0..<size where !(row[j] <= best) && !best.isNaN { best = row[j] }
          }
          out.pointee = best
          out += 1
        }
      }
    }
  }
}
